// Package demo makes "kontor demo" a house with people in it: the organization, accounts and products of Aurora
// Software, a business clock that can be moved forward, and what stands outside of Kontor, which shares nothing with
// it: an ERP with its own contract, and a mail catcher.
package demo
