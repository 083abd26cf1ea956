// Package paper makes PDF documents of what is written elsewhere: it lays out words and decides nothing. The same words
// make the same bytes, whenever and wherever that is.
//
// Texts may hold any character. Latin, Greek and Cyrillic are set in IBM Plex Sans; Chinese, Japanese and Korean in
// Droid Sans Fallback; a character that neither has is shown as a box. Both fonts are embedded, in a document only what it
// shows of them. Text runs from left to right.
package paper
