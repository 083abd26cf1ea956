package main

import (
	"context"
	"encoding/hex"
	"errors"

	"kontor/internal/licensing"
	"kontor/internal/signing"
)

// settingKeyCheck holds something sealed with the master key that the database belongs to.
const settingKeyCheck = "master.check"

// checkMasterKey refuses to go on with another master key than the one that the database's secrets are sealed with:
// nothing could be opened, and what is sealed from now on could not be either, later.
func checkMasterKey(ctx context.Context, store licensing.Store, master []byte) error {
	sealer, err := signing.NewSealer(master, "check")
	if err != nil {
		return err
	}
	return store.Write(ctx, func(tx licensing.Tx) error {
		kept, err := tx.Setting(ctx, settingKeyCheck)
		if err != nil {
			return err
		}
		if kept == "" {
			sealed, err := sealer.Seal([]byte(settingKeyCheck), nil)
			if err != nil {
				return err
			}
			return tx.SetSetting(ctx, settingKeyCheck, hex.EncodeToString(sealed))
		}
		sealed, err := hex.DecodeString(kept)
		if err == nil {
			_, err = sealer.Open(sealed, nil)
		}
		if err != nil {
			return errors.New("the master key does not fit this database: use the master.key (or KONTOR_MASTER_KEY) that it was begun with")
		}
		return nil
	})
}
