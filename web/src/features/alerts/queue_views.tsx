import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { BookmarkRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { visibleText } from '../../shared/text/visible';
import { ColumnsDialog } from './columns_dialog';
import type { QueueColumn } from './queue_columns';
import type { QueueFilter } from './queue_filter';
import { queryOfView, useQueueViews, type QueueView } from './queue_view_calls';
import styles from './queue_page.module.css';
import { DeleteViewDialog, SaveViewDialog } from './view_dialogs';

type Props = {
  filter: QueueFilter;
  columns: readonly QueueColumn[];
  onOpen: (view: QueueView | null) => void;
};

type Asking = 'save' | 'change' | 'delete' | 'columns';

// Which saved view is open, the others, and what can be done with it.
export default function QueueViewsMenu({ filter, columns, onOpen }: Props) {
  const { data } = useQueueViews();
  const [asking, setAsking] = useState<Asking | null>(null);
  const views = data?.views ?? [];
  const open = views.find((one) => one.id === filter.saved) ?? null;
  const isChanged = open !== null && queryOfView(filter) !== open.query;
  const close = () => setAsking(null);
  const lists = [
    { label: 'My views', views: views.filter((one) => one.is_mine) },
    { label: 'Shared by others', views: views.filter((one) => !one.is_mine) },
  ].filter((one) => one.views.length > 0);
  return (
    <>
      <Menu
        positioning="below-end"
        checkedValues={{ view: open ? [open.id] : [] }}
        onCheckedValueChange={(_, change) => onOpen(views.find((one) => one.id === change.checkedItems[0]) ?? null)}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<BookmarkRegular />}>
            <span className={styles.viewName}>
              {open ? `View: ${visibleText(open.name)}${isChanged ? ', changed' : ''}` : 'Views'}
            </span>
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {lists.map(({ label, views: these }) => (
              <MenuGroup key={label}>
                <MenuGroupHeader>{label}</MenuGroupHeader>
                {these.map((one) => (
                  <MenuItemRadio
                    key={one.id}
                    name="view"
                    value={one.id}
                    secondaryContent={noteOf(one, data?.opens_with ?? '')}
                  >
                    {visibleText(one.name)}
                  </MenuItemRadio>
                ))}
              </MenuGroup>
            ))}
            {lists.length > 0 && <MenuDivider />}
            {open && <MenuItem onClick={() => onOpen(null)}>The usual queue</MenuItem>}
            <MenuItem onClick={() => setAsking('columns')}>Columns…</MenuItem>
            <MenuItem onClick={() => setAsking('save')}>Save as a new view…</MenuItem>
            {open?.is_mine && <MenuItem onClick={() => setAsking('change')}>Change this view…</MenuItem>}
            {open?.may_delete && <MenuItem onClick={() => setAsking('delete')}>Delete this view…</MenuItem>}
          </MenuList>
        </MenuPopover>
      </Menu>
      {data && asking === 'columns' && (
        <ColumnsDialog columns={columns} open={open} opensWith={data.opens_with} onClose={close} />
      )}
      {data && asking === 'save' && (
        <SaveViewDialog filter={filter} columns={columns} view={null} choice={data} onSaved={onOpen} onClose={close} />
      )}
      {data && open && asking === 'change' && (
        <SaveViewDialog filter={filter} columns={columns} view={open} choice={data} onSaved={onOpen} onClose={close} />
      )}
      {open && asking === 'delete' && <DeleteViewDialog view={open} onDeleted={() => onOpen(null)} onClose={close} />}
    </>
  );
}

function noteOf(view: QueueView, opensWith: string): string {
  const notes = [
    ...(view.id === opensWith ? ['opens first'] : []),
    ...(view.is_mine ? (view.sharing === 'shared' ? ['shared'] : []) : [view.owner]),
  ];
  return notes.join(', ');
}
