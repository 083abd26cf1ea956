package portal

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"kontor/internal/licensing"
	"kontor/internal/ordering"
)

// exportQuestion is the page that asks in which form a list is wanted.
type exportQuestion struct {
	List      licensing.ListKind
	Query     listQuery
	IDs       []string // chosen rows; none: all that the filter finds
	Columns   []string
	Format    licensing.ExportFormat
	RequestID string
	Problem   string
}

// exportLists are the lists that can be had as files: the names that their addresses know.
var exportLists = map[licensing.ListKind][]string{
	licensing.ListOfLicenses: licenseFilters, licensing.ListOfOrders: orderFilters, licensing.ListOfCustomers: customerFilters, licensing.ListOfPeople: peopleFilters,
	licensing.ListOfCalls: callFilters,
}

// readExport reads what is asked for, from an address or a form.
func (v *visit) readExport(values map[string][]string) (exportQuestion, error) {
	get := func(name string) string {
		if all := values[name]; len(all) > 0 {
			return all[0]
		}
		return ""
	}
	q := exportQuestion{List: licensing.ListKind(get("list")), IDs: values["id"], Columns: values["column"], Format: licensing.ExportFormat(get("format"))}
	known, ok := exportLists[q.List]
	if !ok {
		return q, licensing.NotFoundError("", "%s", T(v.ctx(), "exports.noList"))
	}
	q.Query = listQuery{Path: []string{string(q.List)}, Values: map[string][]string{}}
	for name, all := range values {
		if slices.Contains(known, name) || len(name) > len(fieldFilter) && name[:len(fieldFilter)] == fieldFilter {
			q.Query.Values[name] = all
		}
	}
	return q, nil
}

// filter is the list's filter, as the use case takes it.
func (q exportQuestion) filter(now licensing.Moment) string {
	var f any
	switch q.List {
	case licensing.ListOfOrders:
		f = orderFilterOf(q.Query)
	case licensing.ListOfCustomers:
		f = customerFilterOf(q.Query)
	case licensing.ListOfPeople:
		f = peopleFilterOf(q.Query)
	case licensing.ListOfCalls:
		f = callFilterOf(q.Query, now)
	default:
		chosen := licenseFilterOf(q.Query)
		for _, id := range q.IDs {
			chosen.IDs = append(chosen.IDs, licensing.LicenseID(id))
		}
		f = chosen
	}
	b, err := json.Marshal(f)
	if err != nil { // of texts and days: it always encodes
		return "{}"
	}
	return string(b)
}

func (s *site) askExport(v *visit) error {
	q, err := v.readExport(v.Request.URL.Query())
	if err != nil {
		return err
	}
	q.RequestID, q.Format = newRequestID(), licensing.FormatCSV
	return v.show(http.StatusOK, exportAsk(q))
}

func (s *site) startExport(v *visit) error {
	q, err := v.readExport(v.Request.PostForm)
	if err != nil {
		return err
	}
	if len(q.Columns) == 0 { // an address that names none: all that the list knows
		q.Columns = ordering.ExportColumns[q.List]
	}
	words, err := s.exportWords(v, q)
	if err != nil {
		return err
	}
	out, _, err := s.services.Ordering.StartExport(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), ordering.StartExport{
		List: q.List, Format: q.Format, Filter: q.filter(v.now), Columns: q.Columns, Words: words,
	})
	var problem *licensing.Error
	if errors.As(err, &problem) && (problem.Kind == licensing.Invalid || problem.Kind == licensing.Conflict) {
		q.RequestID, q.Problem = newRequestID(), sentence(v.ctx(), problem)
		status := http.StatusUnprocessableEntity
		if problem.Kind == licensing.Conflict {
			status = http.StatusConflict
		}
		return v.show(status, exportAsk(q))
	}
	if err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "exports", string(out.ID)))
}

// exportWords are what columns and values are called in the file.
func (s *site) exportWords(v *visit, q exportQuestion) (map[string]string, error) {
	ctx := v.ctx()
	choices, err := s.choicesOf(v)
	if err != nil {
		return nil, err
	}
	words := map[string]string{"list." + string(q.List): listName(ctx, q.List)}
	columns := map[licensing.ListKind][]listColumn{
		licensing.ListOfLicenses: licenseColumns(ctx, choices), licensing.ListOfOrders: orderColumns(ctx, choices), licensing.ListOfCustomers: customerColumns(ctx, choices),
		licensing.ListOfPeople: peopleColumns(ctx, false), licensing.ListOfCalls: callColumns(ctx, false),
	}[q.List]
	for _, c := range columns {
		words["column."+c.Name] = c.Label
	}
	for _, s := range licenseStates {
		words["state."+string(s)] = T(ctx, "state."+string(s))
	}
	for _, o := range licensing.CallOutcomes {
		words["outcome."+string(o)] = callOutcome(ctx, o)
	}
	words["account.named"] = T(ctx, "calls.named", "Name", "*")
	for _, r := range []licensing.Role{licensing.RoleAdmin, licensing.RoleMember, licensing.RoleService} {
		words["role."+string(r)] = T(ctx, "role."+string(r))
	}
	for _, state := range []licensing.PersonState{licensing.PersonActive, licensing.PersonSuspended} {
		words["person."+string(state)] = T(ctx, "state."+string(state))
	}
	return words, nil
}

// listName is what a list is called.
func listName(ctx context.Context, k licensing.ListKind) string {
	return T(ctx, "exports.list."+string(k))
}

func (s *site) exports(v *visit) error {
	all, err := s.services.Ordering.Exports(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, exportList(all))
}

// lateExports are those that the home page reports: on their way, or done within a day.
func (s *site) lateExports(v *visit) (late []licensing.Export, err error) {
	all, err := s.services.Ordering.Exports(v.ctx(), v.actor)
	for _, e := range all {
		if underWayExport(e) || v.now.Wall.Sub(e.EndedAt) < 24*time.Hour {
			late = append(late, e)
		}
	}
	return late, err
}

func (s *site) export(v *visit) error {
	e, err := s.services.Ordering.Export(v.ctx(), v.actor, licensing.ExportID(v.Param("id")))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, exportPage(e, newRequestID()))
}

// exportWay answers the page of an export, which asks every second how far it is.
func (s *site) exportWay(v *visit) error {
	e, err := s.services.Ordering.Export(v.ctx(), v.actor, licensing.ExportID(v.Param("id")))
	if err != nil {
		return err
	}
	return v.show(http.StatusOK, exportProgress(e, newRequestID()))
}

func (s *site) stopExport(v *visit) error {
	id := licensing.ExportID(v.Param("id"))
	if _, _, err := s.services.Ordering.StopExport(v.ctx(), v.actor, v.Request.PostForm.Get("requestId"), id); err != nil {
		return err
	}
	return v.goTo(at(v.ctx(), "exports", string(id)))
}

// exportTypes are the media types of files.
var exportTypes = map[licensing.ExportFormat]string{
	licensing.FormatCSV: "text/csv; charset=utf-8", licensing.FormatSpreadsheet: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// partTimeout is how long one part of a file may take to be sent.
const partTimeout = 2 * time.Minute

// exportFile hands out a file, part by part as it is kept.
func (s *site) exportFile(v *visit) error {
	id := licensing.ExportID(v.Param("id"))
	e, err := s.services.Ordering.Export(v.ctx(), v.actor, id)
	if err != nil {
		return err
	}
	part, err := s.services.Ordering.ExportPart(v.ctx(), v.actor, id, 1)
	if err != nil {
		return err
	}
	v.Header("Content-Type", exportTypes[e.Format])
	v.Header("Content-Disposition", `attachment; filename="`+string(e.List)+"-"+licensing.DayOf(e.CreatedAt, v.now.Zone).String()+"."+string(e.Format)+`"`)
	v.Header("Content-Length", strconv.FormatInt(e.Size, 10))
	v.Header("Cache-Control", "no-store")
	v.Status(http.StatusOK)
	connection := http.NewResponseController(v.Writer)
	for n := 2; err == nil; n++ {
		// Each part has its own time: a large file over a slow line takes longer than the server gives to an answer.
		if failed := connection.SetWriteDeadline(time.Now().Add(partTimeout)); failed != nil && !errors.Is(failed, http.ErrNotSupported) {
			return nil
		}
		if _, failed := v.Writer.Write(part); failed != nil { // nobody reads on
			return nil
		}
		part, err = s.services.Ordering.ExportPart(v.ctx(), v.actor, id, n)
	}
	if !errors.Is(err, licensing.ErrNone) {
		s.config.Log.WarnContext(v.ctx(), "an export was cut short", "error", err)
	}
	return nil
}

// exportText says how far an export is: "1,204 of 6,100 lines, about 2 min".
func exportText(ctx context.Context, e licensing.Export) string {
	switch e.State {
	case licensing.ExportReady:
		return T(ctx, "exports.ready", "Count", e.Done, "N", number(e.Done), "Size", sizeText(ctx, e.Size))
	case licensing.ExportStopped:
		if e.Reason != "" {
			return e.Reason
		}
		return T(ctx, "exports.stopped")
	case licensing.ExportFailed:
		return T(ctx, "exports.failed")
	case licensing.ExportWaiting:
		return T(ctx, "exports.waiting")
	default:
		if e.Total == 0 {
			return T(ctx, "exports.begun")
		}
		text := T(ctx, "exports.running", "Done", number(e.Done), "Total", number(max(e.Total, e.Done)))
		if left := exportLeft(e, visitOf(ctx).now.Wall); left != "" {
			return T(ctx, "exports.left", "Text", text, "Time", T(ctx, "exports.unit."+left[:1], "N", left[1:]))
		}
		return text
	}
}

// exportLeft is about how long it takes yet: "s40" or "m2"; "" while nobody can say.
func exportLeft(e licensing.Export, now time.Time) string {
	if e.Done == 0 || e.BegunAt.IsZero() || e.Total <= e.Done {
		return ""
	}
	left := time.Duration(float64(now.Sub(e.BegunAt)) / float64(e.Done) * float64(e.Total-e.Done))
	if left < time.Minute {
		return "s" + strconv.Itoa(max(1, int(left.Seconds())/10*10+10))
	}
	return "m" + strconv.Itoa(int(left.Minutes()+0.5))
}

// sizeText is "1.4 MB".
func sizeText(ctx context.Context, n int64) string {
	const kb, mb = 1 << 10, 1 << 20
	if n >= mb {
		return T(ctx, "exports.mb", "N", strconv.FormatFloat(float64(n)/mb, 'f', 1, 64))
	}
	return T(ctx, "exports.kb", "N", strconv.FormatFloat(float64(n)/kb, 'f', 1, 64))
}

// percentDone is how much of an export is done, as a width.
func percentDone(e licensing.Export) string {
	if e.Total == 0 {
		return "0"
	}
	return strconv.Itoa(min(100, e.Done*100/e.Total))
}

// underWayExport reports whether something happens to it by itself.
func underWayExport(e licensing.Export) bool {
	return e.State == licensing.ExportWaiting || e.State == licensing.ExportRunning
}
