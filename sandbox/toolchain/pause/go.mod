module ml-platform/sandbox/pause

go 1.26
