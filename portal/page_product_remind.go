package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/licensing"
)

// The names of the fields that are about a plan's reminders.
const (
	planReminders = planPrefix + "reminders"
	planCustomer  = planPrefix + "customer"
)

// writeReminders puts a plan's reminders into the fields of its form: "30, 7".
func writeReminders(form url.Values, p licensing.Plan) {
	days := p.RemindedBefore()
	texts := make([]string, len(days))
	for i, n := range days {
		texts[i] = strconv.Itoa(n)
	}
	form.Set(planReminders, strings.Join(texts, ", "))
	if !p.ResellerOnly {
		form.Set(planCustomer, "1")
	}
}

// readReminders reads them. What is no number becomes one that the use case refuses; the usual ones are left to the plan.
func readReminders(form url.Values, p *licensing.Plan) {
	if _, asked := form[planReminders]; !asked {
		return
	}
	days := []int{}
	for _, word := range strings.FieldsFunc(form.Get(planReminders), func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil {
			n = -1
		}
		days = append(days, n)
	}
	p.Reminders, p.ResellerOnly = days, form.Get(planCustomer) == ""
	if slices.Equal(p.RemindedBefore(), licensing.Plan{}.RemindedBefore()) {
		p.Reminders = nil
	}
}
