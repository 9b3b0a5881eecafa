// Package campaign attacks the program for minutes: faults of the disk, odd files and answers,
// many processes at once. Its tests stand under the build tag "campaign" and print a table of what
// they tried; see CONTRIBUTING.md.
package campaign
