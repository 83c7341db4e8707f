"""Time in milliseconds, the nine weeks, and how they move to the present."""

import datetime

WEEKS = 9
HOUR, DAY, WEEK = 3_600_000, 86_400_000, 604_800_000
REFERENCE_MONDAY = 1_736_121_600_000  # 2025-01-06T00:00:00Z


def rfc3339_ms(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return round(moment.timestamp() * 1000)


def shift_for(now_ms, first_monday=REFERENCE_MONDAY):
    """Milliseconds, a whole number of weeks, that bring the ninth week onto the week of `now_ms`."""
    return (now_ms - first_monday) // WEEK * WEEK - (WEEKS - 1) * WEEK


def iso(ms):
    return datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"
