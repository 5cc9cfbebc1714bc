"""What a resident's sentence wants (one of 20 intents) and what it names (rooms, phones, times, faults).

`load` builds an immutable `Understander`; to change examples, words or rules at run time, build another
one off the loop and assign it in place of the old.
"""

from bot.understanding.acts import Act, Acts, Asked
from bot.understanding.commands import command
from bot.understanding.entities import Bare, Expected, read_as
from bot.understanding.job_words import JobMeant
from bot.understanding.technicians import Deed, Deeds
from bot.understanding.understander import Understander, load
from bot.understanding.values import Action, Command, Entities, TimeWindow, Understanding

__all__ = [
    "Act",
    "Action",
    "Acts",
    "Asked",
    "Bare",
    "Command",
    "Deed",
    "Deeds",
    "Entities",
    "Expected",
    "JobMeant",
    "TimeWindow",
    "Understander",
    "Understanding",
    "command",
    "load",
    "read_as",
]
