package demo

import (
	"errors"
	"os"
	"path/filepath"
)

// Remove deletes what the demo ERP, the mail catcher and the demo itself keep in dir. Nothing else is touched.
func Remove(dir string) error {
	var err error
	for _, name := range []string{erpDocumentsFile, erpDownFile, "mail", "demo.json"} {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, name)))
	}
	return err
}
