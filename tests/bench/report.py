"""What a measurement prints: a table with the yardstick beside each row, then one line a figure."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """`rows` are lists of cells under `head`; `named` are (name, value, unit)."""

    head: list[str]
    rows: list[list[object]] = field(default_factory=list)
    named: list[tuple[str, float, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self) -> str:
        lines = [self.head, *[[_cell(value) for value in row] for row in self.rows]]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        shown = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
        return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:], *self.notes])

    def figures(self) -> str:
        return "\n".join(f"figure: {name} {value:.4g} {unit}" for name, value, unit in self.named)


def _cell(value: object) -> str:
    return (
        f"{value:,.3g}"
        if isinstance(value, float) and abs(value) < 1000
        else (f"{value:,.0f}" if isinstance(value, (int, float)) else str(value))
    )
