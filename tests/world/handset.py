"""What somebody does with a phone, whatever it is connected to."""

from abc import ABC, abstractmethod

from bot.values import Kind, Option


class Handset(ABC):
    """`options` are those that it showed last. Every act gives what it shows then, as one text."""

    options: list[Option]

    @abstractmethod
    async def does(self, kind: Kind, **facts: str) -> str:
        """One push with these facts."""

    @abstractmethod
    def comes_back(self, option: Option) -> str:
        """What the platform reports of a tapped option."""

    async def says(self, text: str) -> str:
        return await self.does(Kind.TEXT, text=text)

    async def scans(self, scene: str) -> str:
        return await self.does(Kind.SCAN, key=scene)

    async def follows(self, scene: str = "") -> str:
        return await self.does(Kind.FOLLOW, key=scene)

    async def opens(self, key: str) -> str:
        """An entry of the menu."""
        return await self.does(Kind.MENU, key=key)

    async def taps(self, text: str) -> str:
        """The first of the options shown that has these words in it."""
        found = [one for one in self.options if text in one.text]
        assert found, f"{text} is not on offer: {[one.text for one in self.options]}"
        return await self.taps_option(found[0])

    async def taps_option(self, option: Option) -> str:
        """Something that it was shown, however long ago."""
        return await self.does(Kind.TEXT, text=option.text, tapped=self.comes_back(option))
