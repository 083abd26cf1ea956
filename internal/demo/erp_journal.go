package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// journal is a file of documents, one a line, to which is only added. What append has returned for is on disk.
type journal struct {
	file *os.File
	size int64 // up to the end of the last whole line
}

// openJournal opens the file at path, or makes it, and hands every document in it to each. A last line without its
// end is what a kill in the middle of writing leaves: nobody was answered for it, and it is cut off. Anything else
// that cannot be read is an error.
func openJournal(path string, each func(Document)) (*journal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j := &journal{file: file}
	if err := errors.Join(j.load(each), syncDir(filepath.Dir(path))); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return j, nil
}

func (j *journal) load(each func(Document)) error {
	data, err := io.ReadAll(j.file)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		end := bytes.IndexByte(data[j.size:], '\n')
		if end < 0 {
			break
		}
		var d Document
		if err := json.Unmarshal(data[j.size:j.size+int64(end)], &d); err != nil {
			return fmt.Errorf("%s, line %d: %w", j.file.Name(), n, err)
		}
		each(d)
		j.size += int64(end) + 1
	}
	return j.file.Truncate(j.size)
}

// append writes a document and returns when it is on disk. After an error it is not in the file.
func (j *journal) append(d Document) error {
	line, err := json.Marshal(d)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err = j.file.WriteAt(line, j.size); err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return errors.Join(err, j.file.Truncate(j.size))
	}
	j.size += int64(len(line))
	return nil
}

func (j *journal) close() error { return j.file.Close() }

// syncDir makes sure that the names in dir outlive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
