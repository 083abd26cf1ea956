package demo

import (
	"errors"
	"log/slog"
	"net/http"
)

// shownMails is how many mails the page lists.
const shownMails = 100

// Handler returns the pages of the mail catcher, for /mail and what is below it: a list, and each mail as text.
func (m *Mail) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail", m.serveList)
	mux.HandleFunc("GET /mail/{id}", m.serveMail)
	mux.HandleFunc("GET /mail/outside.css", serveAsset)
	mux.HandleFunc("GET /mail/outside.js", serveAsset)
	return guarded(mux)
}

func (m *Mail) serveList(w http.ResponseWriter, _ *http.Request) {
	ids, err := m.store.ids()
	if err != nil {
		mailTrouble(w, err)
		return
	}
	total := len(ids)
	state := "none" // the script shows the page anew when it differs
	if total > 0 {
		state = ids[0]
	}
	ids = ids[:min(total, shownMails)]
	mails := make([]readableMail, len(ids))
	for i, id := range ids {
		content, received, err := m.store.read(id)
		if err != nil {
			mailTrouble(w, err)
			return
		}
		mails[i] = readMail(id, received, content)
	}
	writePage(w, "mail_list.html", map[string]any{"Mails": mails, "Total": total, "Addr": m.Addr(), "State": state})
}

func (m *Mail) serveMail(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	content, received, err := m.store.read(id)
	switch {
	case errors.Is(err, errNoMail):
		http.Error(w, "There is no such mail.", http.StatusNotFound)
	case err != nil:
		mailTrouble(w, err)
	default:
		writePage(w, "mail_read.html", readMail(id, received, content))
	}
}

func mailTrouble(w http.ResponseWriter, err error) {
	slog.Error("The mail catcher cannot read its mails", "error", err)
	http.Error(w, "The mails cannot be read.", http.StatusInternalServerError)
}
