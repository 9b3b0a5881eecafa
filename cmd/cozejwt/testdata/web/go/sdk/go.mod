module github.com/coze-dev/coze-go

go 1.18
