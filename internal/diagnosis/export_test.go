package diagnosis

// CauseIDs lists the causes of all rules.
func CauseIDs() []string {
	var ids []string
	for _, r := range rules {
		for _, p := range r.causes {
			ids = append(ids, p.id)
		}
	}
	for _, c := range clues {
		for _, p := range c.causes {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// RuleIDs lists the rules.
func RuleIDs() []string {
	var ids []string
	for _, r := range rules {
		ids = append(ids, r.id)
	}
	return ids
}
