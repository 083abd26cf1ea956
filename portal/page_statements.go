package portal

import (
	"context"
	"net/http"
	"strconv"

	"kontor/internal/licensing"
	"kontor/internal/statements"
)

// statementList is what the list of statements shows.
type statementList struct {
	statements.List
	Month licensing.Month // only the closed ones of that month; zero: any
}

// several reports whether more groups than one are in sight, so that a column names them.
func (l statementList) several(ctx context.Context) bool {
	return visitOf(ctx).actor.Role.Below()
}

func (s *site) statements(v *visit) error {
	page, err := s.statementList(v)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, statementPages(page, nil))
}

func (s *site) statementList(v *visit) (page statementList, err error) {
	page.Month, _ = licensing.ParseMonth(v.Query("month")) // what is no month narrows nothing
	page.List, err = s.services.Statements.Statements(v.ctx(), v.actor, page.Month)
	return page, err
}

// closeMonthDialog asks whether to close the month that is next.
func (s *site) closeMonthDialog(v *visit) error {
	page, err := s.statementList(v)
	if err != nil {
		return err
	}
	if page.Close == (licensing.Month{}) {
		return licensing.DeniedError("", "%s", T(v.ctx(), "statements.nothingToClose"))
	}
	return v.show(http.StatusOK, statementPages(page, closeMonthAsk(page.Close, newRequestID())))
}

// closeMonth closes it.
func (s *site) closeMonth(v *visit) error {
	m, err := licensing.ParseMonth(v.Request.PostForm.Get("month"))
	if err != nil {
		return licensing.InvalidRequest("month", "%s", T(v.ctx(), "statements.noMonth"))
	}
	if err := s.services.Statements.CloseMonth(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), m); err != nil {
		return withWay(err, at(v.ctx(), "statements"), T(v.ctx(), "statements.back"))
	}
	return v.goTo(at(v.ctx(), "statements"))
}

func closeMonthQuestion(ctx context.Context, m licensing.Month, request string) question {
	return question{
		Title: T(ctx, "statements.closeTitle", "Month", monthLong(ctx, m)), Back: at(ctx, "statements"), Action: at(ctx, "statements", "close"),
		Keep: T(ctx, "statements.keep"), Button: T(ctx, "statements.close"), Busy: T(ctx, "statements.closing"), RequestID: request,
	}
}

// statementOf reads the statement that the address names, whole or only its way.
func statementOf(v *visit, read func(context.Context, licensing.Actor, string, licensing.Month) (licensing.Statement, error)) (licensing.Statement, error) {
	m, err := licensing.ParseMonth(v.Param("month"))
	if err != nil {
		return licensing.Statement{}, licensing.NotFoundError("month", "%s", T(v.ctx(), "statements.noMonth"))
	}
	return read(v.ctx(), v.actor, v.Param("code"), m)
}

func (s *site) statement(v *visit) error {
	st, err := statementOf(v, s.services.Statements.Statement)
	if err != nil {
		return withWay(err, at(v.ctx(), "statements"), T(v.ctx(), "statements.back"))
	}
	return v.show(http.StatusOK, statementPage(st))
}

// statementWaySteps answers the statement's page, which asks every two seconds how far the passing-on is.
func (s *site) statementWaySteps(v *visit) error {
	st, err := statementOf(v, s.services.Statements.StatementWay)
	if err != nil {
		return err
	}
	return v.showSteps(statementWay(v.ctx(), st))
}

// statementAgain has it sent again.
func (s *site) statementAgain(v *visit) error {
	st, err := statementOf(v, s.services.Statements.StatementWay)
	if err != nil {
		return err
	}
	err = s.services.Connecting.TryStatementAgain(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), st.GroupCode, st.Month)
	if err != nil {
		return withWay(err, statementAddress(v.ctx(), st), T(v.ctx(), "statements.back"))
	}
	return v.goTo(statementAddress(v.ctx(), st))
}

func statementAddress(ctx context.Context, st licensing.Statement) string {
	return at(ctx, "statements", st.GroupCode, st.Month.String())
}

// statementWay is what became of a closed statement in other systems; without steps where nobody is told. What waits for
// its next try or for a person can be tried again.
func statementWay(ctx context.Context, st licensing.Statement) track {
	w := track{Page: statementAddress(ctx, st)}
	for _, d := range st.Documents {
		w.Steps = append(w.Steps, documentSteps(ctx, d)...)
		w.Again = w.Again || d.State == licensing.MessageRejected || d.State == licensing.MessageFailed || d.State == licensing.MessageWaiting && d.Attempts > 0
	}
	return w
}

// statementFile hands a statement out as CSV.
func (s *site) statementFile(v *visit) error {
	st, err := statementOf(v, s.services.Statements.Statement)
	if err != nil {
		return err
	}
	return download(v, st, "csv", "text/csv; charset=utf-8", statements.CSV(st))
}

func download(v *visit, st licensing.Statement, ending, contentType string, content []byte) error {
	v.Header("Content-Disposition", `attachment; filename="statement-`+st.GroupCode+"-"+st.Month.String()+"."+ending+`"`)
	v.Header("Cache-Control", "no-store")
	v.Data(http.StatusOK, contentType, content)
	return nil
}

// shownEntries is how many entries the page shows; the files have all.
const shownEntries = 500

func shownOf(st licensing.Statement) []licensing.StatementEntry {
	return st.Entries[:min(len(st.Entries), shownEntries)]
}

// monthLong is "November 2026".
func monthLong(ctx context.Context, m licensing.Month) string {
	return T(ctx, "statements.month", "Month", T(ctx, "month.m"+strconv.Itoa(int(m.Month))), "Year", m.Year)
}

// statementState says whether a statement is open, and when it is closed or was.
func statementState(ctx context.Context, st licensing.Statement) string {
	if !st.Open() {
		return T(ctx, "statements.closedOn", "Day", dayShort(ctx, licensing.DayOf(st.ClosedAt, visitOf(ctx).now.Zone)))
	}
	if closes := st.Month.ClosesOn(); !closes.Before(visitOf(ctx).today()) {
		return T(ctx, "statements.closesOn", "Day", dayShort(ctx, closes))
	}
	return T(ctx, "statements.closesSoon")
}

// entryTitle says what an entry is about: "Extended, period 2 to 20 Nov 2028".
func entryTitle(ctx context.Context, e licensing.StatementEntry) string {
	if e.Kind == licensing.EntryExtended && e.Period != nil {
		return T(ctx, "statements.extendedTo", "Number", e.Period.Number, "End", dayShort(ctx, e.Period.End))
	}
	key := map[licensing.EntryKind]string{licensing.EntryCharged: "statements.chargedFor", licensing.EntryCredited: "statements.creditedFor"}[e.Kind]
	if e.Kind == licensing.EntryCharged && e.Reason != "" { // seats are charged without one
		key = "statements.chargedAgain"
	}
	if key != "" && e.Period != nil {
		return T(ctx, key, "Start", dayShort(ctx, e.Period.Start), "End", dayShort(ctx, e.Period.End))
	}
	return T(ctx, "statements.kinds."+string(e.Kind))
}

// shortField is up to how many bytes a data field stands on one line of the page.
const shortField = 24

// entryFields is what others call an order: "PO-4711".
func entryFields(e licensing.StatementEntry) string {
	text := ""
	for i, v := range e.DataFields {
		if i > 0 {
			text += ", "
		}
		text += v.Value
	}
	return text
}

// entrySeats is how many seats an entry charges, or charges back; a dash where it charges none.
func entrySeats(ctx context.Context, e licensing.StatementEntry) string {
	if e.Units == 0 {
		return T(ctx, "statements.noSeats")
	}
	return number(int(e.Units))
}
