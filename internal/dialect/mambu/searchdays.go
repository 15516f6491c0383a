package mambu

import (
	"strconv"
	"time"

	"clientbook"
	"clientbook/internal/book"
)

// within reads the bounds of an element that compares days. Times are bounded by the days' beginnings in the book's zone, or by
// themselves where the caller gave more than a day.
func (p *searchParser) within(c *book.Constraint, in *filterIn, e element, s sort) error {
	var days []clientbook.Date
	var moments []time.Time
	n := 0
	if in.FilterElement.text == "LAST_DAYS" {
		var err error
		if n, err = strconv.Atoi(in.Value.text); err != nil || n < 1 || n > maxLastDays {
			return refusal(codeFilterValue, c.Source)
		}
	} else {
		for i, v := range []string{in.Value.text, in.SecondValue.text}[:e.values] {
			day, moment, ok := p.moment(v, s)
			if !ok {
				return refusal([...]code{codeFilterValue, codeFilterSecondValue}[i], c.Source)
			}
			days, moments = append(days, day), append(moments, moment)
		}
	}
	first, last := e.days(p.dayOf(p.now), days, n)
	if s == dateSort {
		c.Days = [2]clientbook.Date{first, last}
		if c.Subject == book.FieldSubject && first == last { // equality of a custom field is looked up, a range is not
			c.Op, c.Texts, c.Days = book.Is, []string{first.String()}, [2]clientbook.Date{}
		}
		return nil
	}
	if first != (clientbook.Date{}) {
		c.Window.After = p.start(first).Add(-time.Millisecond)
	}
	if last != (clientbook.Date{}) {
		c.Window.Before = p.start(addDays(last, 1))
	}
	p.sharpen(c, in.FilterElement.text, moments)
	return nil
}

// sharpen takes bounds that are instants in the place of those of their days.
func (p *searchParser) sharpen(c *book.Constraint, element string, moments []time.Time) {
	at := func(i int) (time.Time, bool) {
		if i >= len(moments) || moments[i].IsZero() {
			return time.Time{}, false
		}
		return moments[i], true
	}
	first, one := at(0)
	second, two := at(1)
	switch element {
	case "AFTER":
		if one {
			c.Window.After = first
		}
	case "BEFORE":
		if one {
			c.Window.Before = first
		}
	case "BETWEEN":
		if one {
			c.Window.After = first.Add(-time.Millisecond)
		}
		if two {
			c.Window.Before = second.Add(time.Millisecond)
		}
	}
}

// moment reads a day, or a day with a time. Of a column that has days the day counts; for one that has times the instant is given too, and
// its day in the book's zone.
func (p *searchParser) moment(v string, s sort) (day clientbook.Date, moment time.Time, ok bool) {
	if s == dateSort {
		day, ok = parseDay(v)
		return day, moment, ok
	}
	if day, ok = clientbook.ParseDate(v); ok {
		return day, moment, true
	}
	for _, layout := range [...]string{"2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07:00"} {
		t, err := time.Parse(layout, v)
		if err != nil {
			continue
		}
		if day, ok = clientbook.ParseDate(v[:len("2006-01-02")]); !ok {
			return day, moment, false
		}
		return p.dayOf(t), t.UTC(), true
	}
	return day, moment, false
}

// dayOf gives the day on which t falls in the book's zone.
func (p *searchParser) dayOf(t time.Time) clientbook.Date { return dateOf(t.In(p.zone)) }

// start gives the first instant of a day in the book's zone.
func (p *searchParser) start(d clientbook.Date) time.Time {
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 0, 0, 0, 0, p.zone).UTC()
}

// firstDay and lastDay are the ends of the calendar.
var (
	firstDay = clientbook.Date{Year: 1, Month: 1, Day: 1}
	lastDay  = clientbook.Date{Year: 9999, Month: 12, Day: 31}
)

func dateOf(t time.Time) clientbook.Date {
	year, month, day := t.Date()
	switch {
	case year < 1:
		return firstDay
	case year > 9999:
		return lastDay
	}
	return clientbook.Date{Year: int16(year), Month: uint8(month), Day: uint8(day)}
}

// noon gives a time on a day, far from its ends.
func noon(d clientbook.Date) time.Time {
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Day), 12, 0, 0, 0, time.UTC)
}

// dayNumber orders days.
func dayNumber(d clientbook.Date) int { return (int(d.Year)*16+int(d.Month))*32 + int(d.Day) }

// addDays gives the day n days later, at most the ends of the calendar.
func addDays(d clientbook.Date, n int) clientbook.Date { return dateOf(noon(d).AddDate(0, 0, n)) }

func between(_ clientbook.Date, v []clientbook.Date, _ int) (first, last clientbook.Date) {
	return v[0], v[1]
}

func on(_ clientbook.Date, v []clientbook.Date, _ int) (first, last clientbook.Date) {
	return v[0], v[0]
}

func after(_ clientbook.Date, v []clientbook.Date, _ int) (first, last clientbook.Date) {
	if v[0] == lastDay { // after which there is none
		return lastDay, firstDay
	}
	return addDays(v[0], 1), clientbook.Date{}
}

func before(_ clientbook.Date, v []clientbook.Date, _ int) (first, last clientbook.Date) {
	if v[0] == firstDay {
		return lastDay, firstDay
	}
	return clientbook.Date{}, addDays(v[0], -1)
}

func today(d clientbook.Date, _ []clientbook.Date, _ int) (first, last clientbook.Date) { return d, d }

// thisWeek begins on Monday.
func thisWeek(d clientbook.Date, _ []clientbook.Date, _ int) (first, last clientbook.Date) {
	first = addDays(d, -(int(noon(d).Weekday())+6)%7)
	return first, addDays(first, 6)
}

func thisMonth(d clientbook.Date, _ []clientbook.Date, _ int) (first, last clientbook.Date) {
	first = clientbook.Date{Year: d.Year, Month: d.Month, Day: 1}
	return first, dateOf(noon(first).AddDate(0, 1, -1))
}

func thisYear(d clientbook.Date, _ []clientbook.Date, _ int) (first, last clientbook.Date) {
	return clientbook.Date{Year: d.Year, Month: 1, Day: 1}, clientbook.Date{Year: d.Year, Month: 12, Day: 31}
}

// lastDays are today and the n days before it.
func lastDays(d clientbook.Date, _ []clientbook.Date, n int) (first, last clientbook.Date) {
	return addDays(d, -n), d
}
