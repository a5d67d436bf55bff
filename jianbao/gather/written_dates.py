"""Days and moments as Chinese pages, lists and feeds write them.

What is not written in full is not completed by a guess: 2025年1月 is no day, and a text with
two different days and no label is none either.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from jianbao.dates import day_in_address

if TYPE_CHECKING:
    from datetime import tzinfo

#: China keeps one time, and no summer time since 1991.
BEIJING = timezone(timedelta(hours=8), "CST")

_CLOCK = (
    r"(?:(?P<half>凌晨|早上|上午|中午|下午|晚上|晚)\s*)?(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"|\s*时\s*(?:(?P<minute_han>[0-9]{1,2})\s*分)?)(?![0-9])"
)
_OFFSET = r"(?:\s*(?P<offset>Z|UTC|GMT)\b|\s*(?P<shift>[+-][0-9]{2}:?[0-9]{2})(?![0-9:]))?"
#: 09:30-11:30 is two times, not one in a zone west of Greenwich.
_IS_RANGE = re.compile("-[0-9]{2}:")
_WEEKDAY = r"(?:[(]?(?:星期|周)[一二三四五六日天][)]?\s*)"
#: www.gov.cn writes 2025-01-13-17:05:00.
_AT = rf"(?:(?:[T-]|[\s,]*{_WEEKDAY}?){_CLOCK}{_OFFSET})?"
_YEAR = "(?P<year>(?:19|20)[0-9]{2})"
_MONTH, _DAY = "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_NAME = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

#: Days wherever they stand in a text. 1.2025.01.20 is a version.
_WITHIN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![0-9]){_YEAR}\s*年\s*{_MONTH}\s*月\s*{_DAY}\s*[日号]{_AT}",
        (
            rf"(?<![0-9])(?<![0-9][-./]){_YEAR}\s*(?P<mark>[-./])\s*{_MONTH}\s*(?P=mark)\s*{_DAY}"
            rf"(?![0-9])(?!(?P=mark)[0-9]+(?![0-9:])){_AT}"
        ),
        rf"\b{_DAY}(?:st|nd|rd|th)?\s+{_NAME},?\s+{_YEAR}\b{_AT}",
        rf"\b{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b{_AT}",
        rf"(?<![0-9年])(?<!年\s){_MONTH}\s*月\s*{_DAY}\s*[日号]{_AT}",
    )
)
#: What means a day only where nothing else stands beside it.
_WHOLE = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})"
            r"(?:(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})[0-9]{0,3})?"
        ),
        # Lists set the day large and the month in small type above or below it.
        rf"{_DAY}\s*[日/]?\s+{_YEAR}\s*[-./年]\s*{_MONTH}\s*月?",
        rf"{_YEAR}\s*[-./年]\s*{_MONTH}\s*月?\s+{_DAY}\s*日?",
        rf"{_MONTH}[-./]{_DAY}\s+{_YEAR}",
        rf"(?P<month>[0-9]{{2}})[-/](?P<day>[0-9]{{2}}){_AT}",
        rf"(?P<ago>今天|今日|昨天|昨日|前天|前日)(?:\s*{_AT})?",
    )
)
_DAYS_AGO = {"今": 0, "昨": 1, "前": 2}
_AGO = re.compile(r"(?P<count>[0-9]{1,3})\s*(?P<unit>分钟|小时|天)(?:之|以)?前|(?P<now>刚刚|刚才)")
_UNITS = {"分钟": "minutes", "小时": "hours", "天": "days"}
_LABEL = re.compile(r"(?:发布|发表|发文|刊发|公布|印发)(?:时间|日期)\s*:?\s*")

#: RFC 822, whose zones the standard library knows, and what Java and, without a zone, C print.
_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2,8},?\s+)?[0-9]{1,2}[\s-]+[A-Z][a-z]{2}[a-z]*[\s-]+[0-9]{2,4}\s+"
    r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\s+(?P<zone>[A-Z]{1,5}|[+-][0-9]{4}))?(?:\s*\([^()]*\))?"
)
_UNIX = re.compile(
    r"(?P<head>[A-Z][a-z]{2}) (?P<month>[A-Z][a-z]{2}) +(?P<day>[0-9]{1,2}) "
    r"(?P<clock>[0-9:]{8})(?P<zone> [A-Z]{1,5})? (?P<year>[0-9]{4})"
)

_ADDRESS = re.compile(r"[a-z]+://|\.{0,2}/", re.IGNORECASE)
_FRAME = "[]()【】〔〕 \t\r\n"
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_YEAR = re.compile(f"[{_HAN_DIGITS}零○]{{4}}(?=\\s*年)")
_HAN_NUMBER = re.compile(f"[{_HAN_DIGITS}十廿卅]{{1,3}}(?=\\s*[月日号时])")


def read_date(text: str, reference: date, zone: tzinfo = BEIJING) -> date | datetime | None:
    """The day that ``text`` gives, or the moment with its zone where it gives a time.

    Args:
        text: What stands on a page, in a list or a feed; or an address.
        reference: When it was read. 昨天 and 1月20日 take their year from it and lie never after
            it; 3小时前 needs a moment, since a day cannot tell whether that was yesterday.
        zone: Of times that name none; CST is China's where this zone calls itself so.

    Returns:
        None where no day is written in full, or several are and none is labelled.
    """
    line = unicodedata.normalize("NFKC", text).strip(_FRAME)
    if _ADDRESS.match(line):
        return day_in_address(line)
    if isinstance(reference, datetime):
        reference = reference.astimezone(zone)
    line = _with_digits(line)
    label = _LABEL.search(line)
    if label:
        return _behind_label(line[label.end() :], reference, zone)
    moment = _feed_moment(line, zone) or _alone(line, reference, zone)
    return moment or _within(line, reference, zone)


def _with_digits(line: str) -> str:
    """二〇二五年一月二十日 as 2025年1月20日."""
    line = _HAN_YEAR.sub(lambda found: "".join(map(_digit, found.group())), line)
    return _HAN_NUMBER.sub(lambda found: _number(found.group()), line)


def _digit(char: str) -> str:
    return str(max(_HAN_DIGITS.find(char), 0))  # 零 and ○ are 0 too


def _number(han: str) -> str:
    """A number below 100."""
    tens, ten, ones = han.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    return str((int(_digit(tens)) if tens else len(ten)) * 10 + int(_digit(ones) if ones else 0))


def _behind_label(line: str, reference: date, zone: tzinfo) -> date | datetime | None:
    for pattern in _WITHIN:
        found = pattern.match(line)
        if found:
            return _moment(found, reference, zone)
    return _alone(line.partition(" ")[0], reference, zone)


def _alone(line: str, reference: date, zone: tzinfo) -> date | datetime | None:
    for pattern in _WHOLE:
        found = pattern.fullmatch(line)
        if found:
            return _moment(found, reference, zone)
    ago = _AGO.fullmatch(line)
    return _before(ago, reference) if ago else None


def _within(line: str, reference: date, zone: tzinfo) -> date | datetime | None:
    """The one day of ``line``; with its time where it is written once with and once without."""
    found = [one for pattern in _WITHIN for one in pattern.finditer(line)]
    moments = [_moment(one, reference, zone) for one in found]
    if None in moments or len({_day(one) for one in moments if one}) != 1:
        return None
    return next((one for one in moments if isinstance(one, datetime)), moments[0])


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _before(ago: re.Match[str], reference: date) -> date | None:
    if ago["unit"] == "天":
        return _day(reference) - timedelta(days=int(ago["count"]))
    if not isinstance(reference, datetime):
        return None
    if ago["now"]:
        return reference.date()
    return (reference - timedelta(**{_UNITS[ago["unit"]]: int(ago["count"])})).date()


def _moment(found: re.Match[str], reference: date, zone: tzinfo) -> date | datetime | None:
    part = found.groupdict()
    day = _written_day(part, _day(reference))
    if day is None or not part.get("hour"):
        return day
    try:
        clock = time(_hour(part), int(part["minute"] or part.get("minute_han") or 0))
        clock = clock.replace(second=int(part["second"] or 0))
    except ValueError:  # 24:00, which some systems write for no time at all
        return day
    return datetime.combine(day, clock, _zone(part) or zone)


def _written_day(part: dict[str, str | None], today: date) -> date | None:
    if ago := part.get("ago"):
        return today - timedelta(days=_DAYS_AGO[ago[0]])
    name = part.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(part["month"] or 0)
    year, day = part.get("year"), int(part["day"] or 0)
    if year:
        return _date(int(year), month, day)
    this, last = (_date(each, month, day) for each in (today.year, today.year - 1))
    return this if this and this <= today else last


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 2025-02-30
        return None


def _hour(part: dict[str, str | None]) -> int:
    hour, half = int(part["hour"] or 0), part.get("half") or ""
    is_later = half in {"下午", "晚上", "晚"} or (half == "中午" and hour < 3)  # noqa: PLR2004  (中午1点)
    return hour + 12 if is_later and hour < 12 else hour  # noqa: PLR2004  (of a clock's face)


def _zone(part: dict[str, str | None]) -> tzinfo | None:
    if part.get("offset"):
        return UTC
    shift = part.get("shift")
    if not shift or (_IS_RANGE.match(shift) and not part["second"]):
        return None
    return datetime.strptime(shift, "%z").tzinfo


def _feed_moment(line: str, zone: tzinfo) -> datetime | None:
    unix = _UNIX.fullmatch(line)
    if unix:
        line = "{head}, {day} {month} {year} {clock}{zone}".format(**unix.groupdict(default=""))
    found = _RFC_822.fullmatch(line)
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(line)
    except ValueError:  # 31 Feb
        return None
    local = moment.replace(tzinfo=zone)
    if found["zone"] is None or found["zone"] == local.tzname():
        return local
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # -0000 (RFC 5322, 3.3)
