package portal_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

const forecastPath = "/as/northwind/time-machine/file?until=2028-11-21"

func TestForecastFiles(t *testing.T) {
	w := newWorld(t)
	w.fill()
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	csv := v.get(forecastPath + "&format=csv")
	csv.want(t, http.StatusOK, "\ufeff")
	lines := strings.Split(strings.TrimSpace(csv.page), "\r\n")
	if len(lines) < 3 || csv.Header.Get("Content-Disposition") != `attachment; filename="forecast-2026-11-21.csv"` {
		t.Errorf("the CSV of %d lines, %v", len(lines), csv.Header)
	}
	if whole := v.get(forecastPath); whole.page != csv.page {
		t.Error("without a format it is no CSV")
	}
	book := v.get(forecastPath + "&format=xlsx")
	if book.StatusCode != http.StatusOK || book.Header.Get("Content-Disposition") != `attachment; filename="forecast-2026-11-21.xlsx"` {
		t.Errorf("the workbook: %d, %v", book.StatusCode, book.Header)
	}
	read, err := excelize.OpenReader(strings.NewReader(book.page))
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	rows, err := read.GetRows("Time machine")
	if err != nil || len(rows) != len(lines) || strings.Join(rows[0], ",") != strings.TrimPrefix(lines[0], "\ufeff") {
		t.Errorf("the workbook has %d rows and the CSV %d: %v", len(rows), len(lines), err)
	}
}

// TestForecastFileThatBreaksOff is an error page as long as nothing was sent, and a failed download after that.
func TestForecastFileThatBreaksOff(t *testing.T) {
	for _, format := range []string{"csv", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			w := newWorld(t)
			w.fill()
			w.forecastFails = errors.New("the database went away")
			v := visit(t, startPortal(t, w))
			v.signIn("anna@northwind.example")
			early := v.get(forecastPath + "&format=" + format)
			if early.StatusCode != http.StatusInternalServerError || early.Header.Get("Content-Disposition") != "" {
				t.Errorf("early: %d, %v", early.StatusCode, early.Header)
			}
		})
	}
	w := newWorld(t)
	w.fill()
	w.forecastTimes, w.forecastFails = 50_000, errors.New("the database went away")
	v := visit(t, startPortal(t, w))
	v.signIn("anna@northwind.example")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.base+forecastPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := v.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK || n == 0 || err == nil {
		t.Errorf("late: %d, %d bytes, %v", response.StatusCode, n, err)
	}
}
