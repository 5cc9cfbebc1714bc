"""What `make run` prints of the demo's staff is what the demo fills in: the supervisor imports no tables."""

from commands.local import supervisor
from services.company import passwords
from services.demo import crew


def test_the_logins_that_are_printed_are_those_of_the_demo() -> None:
    assert supervisor.DEMO_PASSWORD == passwords.DEMO
    assert [login for login, _ in crew.logins() if login not in supervisor.DEMO_LOGINS] == []
