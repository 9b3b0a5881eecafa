package boundedfile

// Opened is what comes after the opening.
var Opened = opened
