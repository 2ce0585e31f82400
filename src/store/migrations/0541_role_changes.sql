-- access: a change of a viewer is one of the role, too; '' where it was asked before roles were changed so.
alter table unit_changes add column role text not null default '';
alter table unit_changes add column role_before text not null default '';
