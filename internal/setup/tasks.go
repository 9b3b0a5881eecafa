package setup

import (
	"slices"

	"cozejwt/internal/flow"
	"cozejwt/internal/i18n"
	"cozejwt/internal/permissions"
)

// offeredTasks are the tasks of an app of the type that this plan creates: those of a channel
// need an app of another type.
func offeredTasks() []permissions.Task {
	return slices.DeleteFunc(permissions.Tasks(), func(t permissions.Task) bool { return t.Kind == permissions.Channel })
}

// tasks are those that the person chose, or the default.
func (s *Setup) tasks() []permissions.Task {
	chosen := slices.DeleteFunc(offeredTasks(), func(t permissions.Task) bool { return !slices.Contains(s.Tasks, t.ID) })
	if len(chosen) == 0 {
		t, _ := permissions.TaskOf(permissions.Default)
		chosen = []permissions.Task{t}
	}
	return chosen
}

// askTasks offers what the app will do; the steps in the console then show the permissions for
// it. It belongs to the todos of those steps and is no step of its own, so that the number of
// steps and the answers that scripts give stay as they are. Asks is as in [flow.Ticks].
func (s *Setup) askTasks(asks bool) flow.Ticks {
	t := flow.Ticks{ID: "tasks", Asks: asks && !s.Given("app_id"), Put: func(chosen []string) { s.Tasks = chosen }}
	for _, task := range offeredTasks() {
		t.Options = append(t.Options, flow.Option{Value: task.ID, Label: i18n.Msg("permission.task." + task.ID), About: needs(task)})
	}
	for _, task := range s.tasks() {
		t.Chosen = append(t.Chosen, task.ID)
	}
	return t
}

// needs says which points a task needs.
func needs(t permissions.Task) i18n.Message {
	if t.AllOf.Known() {
		return i18n.Msg("tasks.needs_all", "group", t.AllOf.Label)
	}
	var points []string
	for _, section := range permissions.Sections(t.Needs()) {
		for _, p := range section.Points {
			if !slices.Contains(points, p) { // two groups may have a point of one name
				points = append(points, p)
			}
		}
	}
	return i18n.Msg("tasks.needs", "points", i18n.List(points))
}

// authorizing is what is left to do in the console once an app has a key: the permissions for
// its tasks, by the console's groups, and the authorization.
func (s *Setup) authorizing() flow.Todo {
	var todo flow.Todo
	var points []permissions.Point
	for _, task := range s.tasks() {
		points = append(points, task.Needs()...)
	}
	for _, section := range permissions.Sections(points) {
		todo = append(todo, i18n.Msg("upload.todo.permissions", "points", i18n.List(section.Points)).Within("group", section.Heading()))
	}
	for _, task := range s.tasks() {
		if task.AllOf.Known() {
			todo = append(todo, i18n.Msg("upload.todo.all_permissions").Within("group", permissions.Section{Group: task.AllOf}.Heading()))
		}
	}
	return append(append(todo, i18n.Msg("upload.todo.authorize")), s.Sharing()...)
}

// leftToDo shows that, and offers other tasks; nil where the app has its permissions already.
func (s *Setup) leftToDo() (flow.Todo, []flow.Exhibit) {
	if s.HasApp {
		return nil, nil
	}
	return s.authorizing(), []flow.Exhibit{s.askTasks(false)}
}
