package lazyregexp

import "testing"

func TestAPatternIsCompiledOnceAtItsFirstUse(t *testing.T) {
	word := New(`^[a-z]+$`)
	first := word()
	if !first.MatchString("word") || first.MatchString("two words") {
		t.Errorf("%s matches something else", first)
	}
	if word() != first {
		t.Error("it is compiled again at its second use")
	}
}

func TestAWrongPatternPanicsAtItsFirstUseAlone(t *testing.T) {
	wrong := New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	wrong()
}
