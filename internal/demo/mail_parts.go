package demo

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
)

// Bounds of what is taken apart; beyond them a mail is shown as it came.
const (
	mailMaxDepth = 5
	mailMaxParts = 50
)

// readableMail is a mail as the pages show it. All of it is text; nothing of it is ever markup of the page.
type readableMail struct {
	ID                      string
	Received                time.Time
	From, To, Subject, Date string
	Head                    string // all headers as they came
	Parts                   []mailPart
}

// mailPart is one part of a mail.
type mailPart struct {
	Type string // "text/plain"
	Name string // the file's name, of an attachment
	Text string // of a text part; the source text of HTML
	Size int    // in bytes, of a part that is not shown
}

// readMail takes a stored mail apart. What is malformed is shown as plain text.
func readMail(id string, received time.Time, content []byte) readableMail {
	m := readableMail{ID: id, Received: received}
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		m.Parts = []mailPart{{Type: "text/plain", Text: toUTF8(content, "utf-8")}}
		return m
	}
	m.From, m.Subject, m.Date = decoded(message.Header.Get("From")), decoded(message.Header.Get("Subject")), message.Header.Get("Date")
	m.To = strings.Join(message.Header["Delivered-To"], ", ")
	body, err := io.ReadAll(message.Body)
	if err != nil {
		body = content
	}
	m.Head = toUTF8(content[:len(content)-len(body)], "utf-8")
	if !addParts(&m.Parts, textproto.MIMEHeader(message.Header), body, 1) {
		m.Parts = []mailPart{{Type: "text/plain", Text: toUTF8(body, "utf-8")}}
	}
	return m
}

// addParts appends the parts in body, and reports whether it could be taken apart within bounds.
func addParts(parts *[]mailPart, header textproto.MIMEHeader, body []byte, depth int) bool {
	if depth > mailMaxDepth || len(*parts) >= mailMaxParts {
		return false
	}
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind, params = "text/plain", nil // RFC 2045, section 5.2
	}
	if strings.HasPrefix(kind, "multipart/") {
		r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
		for {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return true
			}
			if err != nil {
				return false
			}
			inner, err := io.ReadAll(p)
			if err != nil || !addParts(parts, p.Header, inner, depth+1) {
				return false
			}
		}
	}
	text, err := transferDecoded(header.Get("Content-Transfer-Encoding"), body)
	if err != nil {
		return false
	}
	part := mailPart{Type: kind}
	disposition, file, err := mime.ParseMediaType(header.Get("Content-Disposition"))
	if err == nil {
		part.Name = decoded(file["filename"])
	}
	if strings.HasPrefix(kind, "text/") && disposition != "attachment" {
		part.Text = toUTF8(text, params["charset"])
	} else {
		part.Size = len(text)
	}
	*parts = append(*parts, part)
	return true
}

func transferDecoded(encoding string, body []byte) ([]byte, error) {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return io.ReadAll(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(body)))
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	case "", "7bit", "8bit", "binary":
		return body, nil
	default:
		return nil, fmt.Errorf("unknown transfer encoding %q", encoding)
	}
}

// toUTF8 reads text of the charsets that the standard library knows; of others, what is valid UTF-8 remains.
func toUTF8(text []byte, charset string) string {
	if strings.EqualFold(charset, "iso-8859-1") {
		runes := make([]rune, len(text))
		for i, b := range text {
			runes[i] = rune(b)
		}
		return string(runes)
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// decoded reads a header with encoded words (RFC 2047); one that cannot be read is shown as it is.
func decoded(header string) string {
	text, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		return strings.ToValidUTF8(header, "\uFFFD")
	}
	return text
}
