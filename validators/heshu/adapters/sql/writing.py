"""What the parts of one query are written with: subjects, conditions on them, columns that name figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heshu.adapters.sql.dialect import Dialect
from heshu.adapters.sql.quantities import Shape
from heshu.kind import Relations

#: Columns by which a result names its figures.
SHOWN = ("indicator", "period", "measure")


@dataclass(frozen=True, slots=True)
class Writing:
    """What the parts of one query are written with; ``where``: the subjects that the rule looks at."""

    relations: Relations
    dialect: Dialect
    shape: Shape
    where: Mapping[str, Sequence[str]]

    def same_subject(self, left: str, right: str) -> list[str]:
        """Return the conditions that two rows are of one subject."""
        return [f"{left}.{name} = {right}.{name}" for name in self.subject]

    @property
    def subject(self) -> list[str]:
        """The columns of the subject, quoted."""
        return [self.dialect.name_of(name) for name in self.shape.subject]

    def looked_at(self, role: str) -> list[str]:
        """Return the conditions that the rule looks at the subject of ``role``."""
        return [
            f"{role}.{self.dialect.name_of(name)} IN ({', '.join(map(self.dialect.text, values))})"
            for name, values in self.where.items()
            if name in self.shape.subject
        ]

    def shown(self, role: str) -> list[str]:
        """Return the columns that name the figure in a slot."""
        return [f"{role}.{self.dialect.name_of(name)} AS {role}_{name}" for name in SHOWN]
