// Package signing keeps secrets and makes signatures: it seals what stands in the database with the master key
// (Sealer), signs license files (FileSigner), and checks them as software does that reads them offline (Verify).
//
// Everything hangs on one master key (LoadMasterKey). Keys for each purpose are derived from it, so that what was
// sealed for one purpose cannot be opened, and what was signed for one cannot be passed off, as another.
package signing
