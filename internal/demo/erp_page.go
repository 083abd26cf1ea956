package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed outside.css outside.js erp_page.html mail_list.html mail_read.html
var outsideFiles embed.FS

// outsidePages are the templates of the pages of the ERP and the mail catcher.
var outsidePages = template.Must(template.New("").Funcs(template.FuncMap{"when": when}).ParseFS(outsideFiles, "*.html"))

// ERPPath is the path of the ERP's SOAP endpoint.
const ERPPath = "/soap"

// shownDocuments is how many documents the page lists; documents.json has all of them.
const shownDocuments = 100

// Handler returns the ERP's own web site: its SOAP endpoint at ERPPath, its contract at /?wsdl, a page of its
// documents at /, the same as JSON at /documents.json, and the switch (POST /down, POST /up).
func (e *ERP) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+ERPPath, e.serveSOAP)
	mux.HandleFunc("GET "+ERPPath, e.serveWSDL)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if strings.EqualFold(r.URL.RawQuery, "wsdl") {
			e.serveWSDL(w, r)
			return
		}
		e.servePage(w)
	})
	mux.HandleFunc("GET /documents.json", e.serveDocuments)
	mux.HandleFunc("POST /down", e.serveSwitch(true))
	mux.HandleFunc("POST /up", e.serveSwitch(false))
	mux.HandleFunc("GET /outside.css", serveAsset)
	mux.HandleFunc("GET /outside.js", serveAsset)
	return guarded(mux)
}

// Outside returns the one listener of what stands outside of Kontor: the ERP at / and the mail at /mail.
func Outside(erp *ERP, mail *Mail) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", erp.Handler())
	mux.Handle("/mail", mail.Handler())
	mux.Handle("/mail/", mail.Handler())
	return mux
}

// guarded gives every answer a strict Content-Security-Policy, and refuses forms that come from other sites.
func guarded(next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "+
			"form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func (e *ERP) serveWSDL(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	writeBody(w, e.contract.at("http://"+r.Host+ERPPath))
}

func (e *ERP) serveDocuments(w http.ResponseWriter, _ *http.Request) {
	documents := e.Documents()
	if documents == nil {
		documents = []Document{} // a list, not null
	}
	body, err := json.MarshalIndent(documents, "", "  ")
	if err != nil {
		slog.Error("The demo ERP's documents cannot be listed", "error", err)
		http.Error(w, "The documents cannot be listed.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	writeBody(w, append(body, '\n'))
}

// serveSwitch switches the ERP off or on. A browser is led back to the page, a script gets 204.
func (e *ERP) serveSwitch(down bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := e.SetDown(down); err != nil {
			slog.Error("The demo ERP cannot be switched", "error", err)
			http.Error(w, "The ERP cannot be switched.", http.StatusInternalServerError)
			return
		}
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (e *ERP) servePage(w http.ResponseWriter) {
	documents := e.Documents()
	total := len(documents)
	documents = documents[max(0, total-shownDocuments):]
	slices.Reverse(documents)
	down := e.Down()
	writePage(w, "erp_page.html", map[string]any{
		"Down": down, "Total": total, "Documents": documents, "Blocked": blockedCustomer,
		"State": fmt.Sprintf("%t %d", down, total), // the script shows the page anew when it differs
	})
}

// Title says what a document is about, for the page.
func (d Document) Title() string {
	switch d.Kind {
	case "orderCreated":
		return "New order " + d.OrderNumber
	case "orderExtended":
		return "Added to order " + d.OrderNumber
	case "subscriptionExtended":
		return "Subscription of order " + d.OrderNumber + " extended"
	case "subscriptionCancelled":
		return "Subscription of order " + d.OrderNumber + " cancelled"
	case "cancellationWithdrawn":
		return "Subscription of order " + d.OrderNumber + ": cancellation withdrawn"
	case "subscriptionEnded":
		return "Subscription of order " + d.OrderNumber + " ended"
	case "statementClosed":
		return "Statement of " + d.Statement.GroupName + " for " + d.Statement.Month
	default: // licenseRevoked: what was done stands after the word
		return "License of order " + d.OrderNumber + " " + strings.ToLower(strings.TrimPrefix(d.Kind, "license"))
	}
}

// when writes an instant for the pages. The ERP has no idea of Kontor's time zones: it shows UTC and says so.
func when(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04:05") + " UTC" }

func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	http.ServeFileFS(w, r, outsideFiles, name)
}

// writePage writes a template whole or, when it fails, an error.
func writePage(w http.ResponseWriter, name string, data any) {
	var page bytes.Buffer
	if err := outsidePages.ExecuteTemplate(&page, name, data); err != nil {
		slog.Error("A demo page cannot be made", "page", name, "error", err)
		http.Error(w, "The page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	writeBody(w, page.Bytes())
}

func writeBody(w http.ResponseWriter, body []byte) {
	if _, err := w.Write(body); err != nil {
		slog.Info("An answer of the demo's outside did not arrive", "error", err)
	}
}
