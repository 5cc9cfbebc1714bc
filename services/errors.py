"""Errors that people should hear about.

DomainError
├── NotFound      nothing with that number, or not theirs to see
├── NotAllowed    the state or the person does not permit it
│   └── MayNot    not this person's work, whatever the state
├── TooOften      allowed, but not so soon again
└── Invalid       a value that cannot be used
"""


class DomainError(Exception):
    """`phrase` names the sentence in dialogs/phrases that the edge says; `values` fill it."""

    def __init__(self, phrase: str, **values: str | int) -> None:
        super().__init__(phrase, values)
        self.phrase = phrase
        self.values = values


class NotFound(DomainError): ...


class NotAllowed(DomainError): ...


class MayNot(NotAllowed): ...


class TooOften(DomainError): ...


class Invalid(DomainError): ...
