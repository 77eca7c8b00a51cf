"""How a statistical table is laid out, as a manifest declares it.

Words are those of the field (US Bureau of the Census, *Manual of Tabular Presentation*, 1949): the *head* holds the
column headings, the *stub* the row headings, *notes* stand below the table.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from heshu import periods
from heshu.errors import Unreadable
from heshu.messages import unreadable
from heshu.registry import Strict, Text, UnitText

#: What a relative heading means, from the period of the table: 本月, 1—本月, 本季.
SPANS = ("month", "year_to_date", "quarter", "year")

#: What begins the notes below a table.
NOTES = ("注：", "注:", "注 ", "附注", "备注：", "备注:", "说明：", "说明:", "资料来源", "数据来源", "Note", "Source")

RowNumber = Annotated[str, Field(pattern=r"^[1-9]\d{0,6}$")]
Role = Annotated[str, Field(max_length=200)]


class Heading(Strict):
    """What a heading says of the numbers below or beside it; attributes as in the figures table."""

    indicator: str = ""
    area: str = ""
    period: str = ""
    measure: str = ""
    comparison: str = ""
    of: str = ""
    among: str = ""
    unit: str = ""
    hedge: str = ""
    price: str = ""
    scope: str = ""
    adjustment: str = ""
    status: str = ""
    release: str = ""
    span: str = Field(
        "", pattern=rf"^({'|'.join(SPANS)})?$", description=f"Relative to the table's period: {', '.join(SPANS)}"
    )
    shift: str = Field("", pattern=r"^(-?\d+y)?$", description="Years from the period: -1y is the year before")
    decimals: int | None = Field(None, ge=0, le=12, description="Digits shown, where the file has lost them")
    zeros: str = Field(
        "", pattern=r"^(kept|dropped|unknown)?$", description="Trailing zeros, if not as the publisher's"
    )

    def attributes(self) -> dict[str, str]:
        """Return what is said, by column of the figures table, and ``span``, ``shift``, ``zeros``."""
        return {name: str(value).strip() for name, value in self if value not in ("", None)}


class Layout(Strict):
    """How a table that is not in long form is laid out.

    Rows count from 1 (in a worksheet as it numbers them, in text by record). A role is a column of the figures table
    or a dimension; "" means that ``headings`` say what stands there.
    """

    head: dict[RowNumber, Role] = Field({"1": ""}, min_length=1, description="Row of column headings → what they are")
    stub: dict[Text, Role] = Field(min_length=1, description="Column, by heading or letter → what its cells are")
    headings: dict[Text, Heading] = Field(
        default_factory=dict,
        description="Heading, or headings from the outer to the inner with / between → what its numbers are",
    )
    unit: UnitText | Literal[""] = Field("", description="Unit of levels that have none of their own: 单位：亿元")
    period: str = Field("", description="Period of the table, where no heading says one")
    ignore: tuple[Text, ...] = Field((), description="Headings of rows and columns that are left out")
    notes: tuple[Text, ...] = Field(NOTES, description="What begins the notes, which end the table")
    range: str = Field(
        "", pattern=r"^([A-Z]{1,3}[1-9]\d*:[A-Z]{1,3}[1-9]\d*)?$", description="Part of a worksheet: A3:F40"
    )

    @field_validator("period")
    @classmethod
    def _readable(cls, text: str) -> str:
        # The text is kept: 2021年1—12月 says more than its code does, the month that it ends with.
        try:
            if text:
                periods.parse(text)
        except Unreadable as error:
            raise ValueError(unreadable(error)) from None
        return text
