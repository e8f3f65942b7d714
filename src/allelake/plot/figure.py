"""A figure that a notebook shows by itself. Imports matplotlib, so it is imported when needed."""

from io import BytesIO

from matplotlib.figure import Figure


class Drawn(Figure):
    """A matplotlib figure. In a notebook it is shown on white, also where `%matplotlib` is not."""

    def _repr_png_(self) -> bytes:
        image = BytesIO()
        self.savefig(image, format="png", dpi=130, facecolor="white")
        return image.getvalue()
