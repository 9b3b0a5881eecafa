package lint

// RuleIDs lists all rules.
func RuleIDs() []string {
	ids := []string{"base", "pat", "key"}
	for _, r := range rules {
		ids = append(ids, r.id)
	}
	return ids
}
