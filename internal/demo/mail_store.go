package demo

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// mailStore is a directory with one file a mail: its envelope as headers on top (Return-Path, and Delivered-To for
// each recipient), then what was sent, byte by byte.
type mailStore struct{ dir string }

// mailID is the form of a mail's id: the time of receipt, so that ids sort by it, and something random.
var mailID = regexp.MustCompile(`^\d{8}T\d{6}\.\d{6}-[0-9a-f]{8}$`)

const mailIDTime = "20060102T150405.000000"

// errNoMail says that there is no mail of an id.
var errNoMail = errors.New("no such mail")

func openMailStore(dir string) (mailStore, error) {
	return mailStore{dir}, os.MkdirAll(dir, 0o700)
}

// add stores a mail and returns when it is on disk.
func (s mailStore) add(from string, to []string, content []byte) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\n", oneLine(from))
	for _, r := range to {
		fmt.Fprintf(&b, "Delivered-To: %s\r\n", oneLine(r))
	}
	b.Write(content)

	random := make([]byte, 4)
	rand.Read(random) // never fails
	path := filepath.Join(s.dir, time.Now().UTC().Format(mailIDTime)+"-"+hex.EncodeToString(random)+".eml")
	if err := writeSynced(path+".part", b.Bytes()); err != nil {
		return errors.Join(err, os.Remove(path+".part"))
	}
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// ids returns the ids of all mails, the newest first.
func (s mailStore) ids() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".eml"); ok && mailID.MatchString(id) {
			ids = append(ids, id)
		}
	}
	slices.Reverse(ids)
	return ids, nil
}

// read returns a mail as stored, and when it came; errNoMail when there is none of that id.
func (s mailStore) read(id string) ([]byte, time.Time, error) {
	if !mailID.MatchString(id) { // ids come from addresses: nothing but a file of the store is read
		return nil, time.Time{}, errNoMail
	}
	received, err := time.Parse(mailIDTime, id[:len(mailIDTime)])
	if err != nil {
		return nil, time.Time{}, errNoMail
	}
	content, err := os.ReadFile(filepath.Join(s.dir, id+".eml"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, time.Time{}, errNoMail
	}
	return content, received, err
}

// oneLine keeps an address from adding headers of its own.
func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
