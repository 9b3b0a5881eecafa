package atomicfile

// What a file system without hard links uses.
var (
	Link      = link
	RenameNew = renameNew
)
