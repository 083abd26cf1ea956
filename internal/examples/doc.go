// Package examples writes a call of each operation of our contract in the languages that integrators use. What stands
// in a call comes from the contract and from one table of samples; what a language makes of it, from one file each. A
// new operation is in every language as soon as the contract has it, and the table a sample for what it requires.
package examples
