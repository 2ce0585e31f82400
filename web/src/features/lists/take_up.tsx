import { Button, MessageBar, MessageBarActions, MessageBarBody, Spinner } from '@fluentui/react-components';
import { useState } from 'react';
import { ReasonDialog } from '../people/reason_dialog';
import { useMay } from '../session/session';
import { useTakenUp, useTakeUp } from './list_calls';

// Changes that hold, and that records are not read by yet.
export function TakeUp({ pending, here }: { pending: boolean; here: boolean }) {
  const [open, setOpen] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const { mutate, error, isPending } = useTakeUp();
  const mayWrite = useMay('settings.write');
  useTakenUp(waiting, () => setWaiting(false));
  if (waiting)
    return (
      <MessageBar intent="info">
        <MessageBarBody>
          <Spinner
            size="tiny"
            labelPosition="after"
            label="Candor matches everything stored by what was changed. Nothing answers until that is done; this page goes on by itself."
          />
        </MessageBarBody>
      </MessageBar>
    );
  if (!pending) return null;
  return (
    <>
      <MessageBar intent="warning">
        <MessageBarBody>
          Changes hold that records are not read by yet: they are taken up at the next start{here && ', or now'}.
        </MessageBarBody>
        {here && mayWrite && (
          <MessageBarActions>
            <Button size="small" onClick={() => setOpen(true)}>
              Take them up…
            </Button>
          </MessageBarActions>
        )}
      </MessageBar>
      {open && (
        <ReasonDialog
          title="Take the changes up now?"
          act="Take up"
          lead="Everything stored is matched again by what was changed, and whom it touches is assessed again. Nothing answers meanwhile: seconds for some thousand records, minutes for many millions."
          failed="Nothing was taken up"
          error={error}
          isPending={isPending}
          onSubmit={(reason) =>
            mutate(reason, {
              onSuccess: () => {
                setOpen(false);
                setWaiting(true);
              },
            })
          }
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
