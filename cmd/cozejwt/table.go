package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"cozejwt/internal/tty"
)

// tableGap is the number of cells between two columns.
const tableGap = 2

// A fit is a way to make a table narrower: the cells of a column are shortened in the middle, to
// no fewer cells than least. Where least is 0, the column is left out.
type fit struct{ column, least int }

// printTable draws rows, of which the first has the titles. Where the terminal is too narrow, the
// fits are applied, one after the other, and then the ends of the rows are cut off: a row is one
// line. It returns the titles of the columns that were left out.
func (a *app) printTable(w *tty.Writer, rows [][]string, fits ...fit) (left []string) {
	width, _, err := sizeOf(a.streams.out)
	if err != nil {
		width = 0
	}
	lines, left := tableLines(rows, width, fits...)
	w.Trusted(lipgloss.NewStyle().Bold(true).Render(lines[0]) + "\n")
	for _, line := range lines[1:] {
		fmt.Fprintln(w, line)
	}
	return left
}

// tableLines aligns rows in at most width cells, 0 for any number, and names the columns, by their
// cells in the first row, that were left out.
func tableLines(rows [][]string, width int, fits ...fit) (lines, left []string) {
	rows = slices.Clone(rows)
	for i, row := range rows {
		rows[i] = slices.Clone(row)
		for at := range row {
			rows[i][at] = tty.Line(row[at]) // a table measures its cells
		}
	}
	columns := columnWidths(rows)
	for _, f := range fits {
		over := tableWidth(columns) - width
		switch {
		case width == 0 || over <= 0 || columns[f.column] == 0:
			continue
		case f.least == 0:
			left = append(left, rows[0][f.column])
		}
		for i := range rows {
			rows[i][f.column] = middle(rows[i][f.column], fitted(columns[f.column], over, f.least))
		}
		columns = columnWidths(rows)
	}
	for _, row := range rows {
		var b strings.Builder
		for at, cell := range row {
			if columns[at] > 0 {
				b.WriteString(padded(cell, columns[at]+tableGap))
			}
		}
		line := strings.TrimRight(b.String(), " ")
		if width > 0 {
			line = ansi.Truncate(line, width, "…")
		}
		lines = append(lines, line)
	}
	return lines, left
}

// columnWidths returns how many cells each column of a table needs.
func columnWidths(rows [][]string) []int {
	columns := make([]int, len(rows[0]))
	for _, row := range rows {
		for at, cell := range row {
			columns[at] = max(columns[at], ansi.StringWidth(cell))
		}
	}
	return columns
}

// tableWidth is the width of a table. A column without any cell is not drawn.
func tableWidth(columns []int) int {
	total := -tableGap
	for _, column := range columns {
		if column > 0 {
			total += column + tableGap
		}
	}
	return total
}

// fitted is the width of a column that is made narrower where a table is over its width.
func fitted(column, over, least int) int {
	if least == 0 {
		return 0
	}
	return min(column, max(column-over, least))
}

// middle leaves out the middle of a text that is wider than it may be.
func middle(text string, width int) string {
	wide := ansi.StringWidth(text)
	switch {
	case wide <= width:
		return text
	case width == 0:
		return ""
	}
	end := width / 2
	return ansi.Truncate(text, width-end-1, "") + "…" + ansi.TruncateLeft(text, wide-end, "")
}
