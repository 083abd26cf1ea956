package signing

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// MasterKeySize is the length of a master key in bytes.
const MasterKeySize = 32

// masterKeyFile is the name of the key's file in the data directory. It holds the key in hexadecimal, on one line.
const masterKeyFile = "master.key"

// LoadMasterKey returns the master key: env, the value of KONTOR_MASTER_KEY, when it is set (32 bytes in hexadecimal
// or base64), else that of the file master.key in dir. The file, readable by its owner alone (0600), and dir are made
// when there are none; of several processes that start at once all get the same key. A file that others may read or
// write is refused, as is one that does not hold a key.
func LoadMasterKey(dir string, env string) ([]byte, error) {
	if env != "" {
		key, ok := decodeKey(env)
		if !ok {
			return nil, fmt.Errorf("KONTOR_MASTER_KEY is not %d bytes in hexadecimal or base64", MasterKeySize)
		}
		return key, nil
	}
	path := filepath.Join(dir, masterKeyFile)
	key, err := readMasterKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeMasterKey(path); err != nil {
			return nil, fmt.Errorf("make the master key: %w", err)
		}
		key, err = readMasterKey(path)
	}
	return key, err
}

func readMasterKey(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	defer f.Close() //nolint:errcheck // it is only read
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	switch mode := info.Mode(); {
	case !mode.IsRegular():
		return nil, fmt.Errorf("%s is not a file", path)
	case mode.Perm()&0o077 != 0:
		return nil, fmt.Errorf("%s can be reached by others (mode %#o); run chmod 600 on it", path, mode.Perm())
	}
	text, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	key, ok := decodeKey(string(bytes.TrimSpace(text)))
	if !ok {
		return nil, fmt.Errorf("%s does not hold %d bytes in hexadecimal or base64", path, MasterKeySize)
	}
	return key, nil
}

// makeMasterKey writes a new key to path, unless there is one by now. The file appears there complete: another process
// never reads half a key, and the first one wins.
func makeMasterKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), masterKeyFile+".*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // what is left over does no harm
	key := make([]byte, MasterKeySize)
	rand.Read(key) // never fails
	_, err = fmt.Fprintf(f, "%x\n", key)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// decodeKey reads a master key in hexadecimal or in base64, with or without padding, in either alphabet.
func decodeKey(s string) ([]byte, bool) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString,
		base64.StdEncoding.Strict().DecodeString,
		base64.RawStdEncoding.Strict().DecodeString,
		base64.URLEncoding.Strict().DecodeString,
		base64.RawURLEncoding.Strict().DecodeString,
	} {
		if key, err := decode(s); err == nil && len(key) == MasterKeySize {
			return key, true
		}
	}
	return nil, false
}
