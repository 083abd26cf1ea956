// Package portal is the face of Kontor for people: the pages on which resellers and the maker's own people create,
// find and cancel licenses.
//
// It decodes what a browser sends, calls the use cases, and shows what they answer. It decides nothing and never
// reaches the store; what one can do here, one can do by SOAP, with the same outcome and the same sentences.
//
// A page is two files, page_<name>.go and page_<name>.templ, and its rows in the table of routes (routes.go). Who
// acts stands in the address, /as/<group code>/…, and in every form. All texts are in locales/, found by T.
package portal
