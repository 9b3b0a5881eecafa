package main

import (
	"testing"

	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

func TestEachTaskAndGroupHasItsName(t *testing.T) {
	var ids []string
	for _, task := range permissions.Tasks() {
		ids = append(ids, "permission.task."+task.ID)
	}
	for _, g := range permissions.Groups() {
		ids = append(ids, "permission.group."+g.ID)
	}
	for _, l := range i18n.Languages {
		for _, id := range ids {
			if !l.Has(id) {
				t.Errorf("%s has no text %s", l, id)
			}
		}
	}
}
