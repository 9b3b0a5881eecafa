package diagnosis

// CauseIDs lists the causes of all rules.
func CauseIDs() []string {
	var ids []string
	for _, r := range rules {
		for _, p := range r.causes {
			ids = append(ids, p.id)
		}
	}
	return ids
}

// RuleIDs lists the rules of what Coze answers.
func RuleIDs() []string {
	var ids []string
	for _, r := range rules {
		if !r.byProgram {
			ids = append(ids, r.id)
		}
	}
	return ids
}

// ShortLiterals lists the rules of which a pattern has no literal that can be looked up.
func ShortLiterals() []string {
	var ids []string
	for _, r := range rules {
		for _, w := range []words{r.says, r.within} {
			if !w.isNone() && shortest(w.literals()) < leastLiteral {
				ids = append(ids, r.id)
			}
		}
	}
	return ids
}
