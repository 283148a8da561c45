// Package hr reads what the personnel department says about people: a file of
// CSV, as a spreadsheet writes it, or of JSON. Column names and states may be
// Japanese or English. A file with anything in it that is not understood is
// refused as a whole, with line and column, for half of a list of people is
// worse than none.
package hr
