"""How much is done and how fast, in the words of what is counted."""

from rich.filesize import decimal
from rich.progress import ProgressColumn, Task
from rich.text import Text


class RateColumn(ProgressColumn):
    """`12,000 of 60,000 records, 8,000/s`; bytes as MB."""

    def render(self, task: Task) -> Text:
        """The text for one step."""
        unit = task.fields.get("unit", "")
        if not unit and task.total is None:
            return Text("")
        done, speed = int(task.completed), task.speed
        if unit == "B":
            total = "" if task.total is None else f" of {decimal(int(task.total))}"
            rate = "" if speed is None else f", {decimal(int(speed))}/s"
            return Text(f"{decimal(done)}{total}{rate}")
        total = "" if task.total is None else f" of {int(task.total):,}"
        rate = "" if speed is None else f", {speed:,.0f}/s"
        return Text(f"{done:,}{total} {unit}{rate}")
