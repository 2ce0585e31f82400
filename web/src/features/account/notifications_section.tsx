import { Button, Field, Input, MessageBar, MessageBarBody, Select } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import type { Schemas } from '../../shared/api/client';
import { ActFailed, Failed, Loading } from '../../shared/states/states';
import table from '../../shared/table/table.module.css';
import { TableFrame } from '../../shared/table/table_frame';
import styles from './account.module.css';
import { useOwnNotifications, useSetOwnNotifications, type OwnNotifications } from './account_calls';
import { choiceInWords, inTheWay, KIND_WORDS, type NotificationChoice } from './notification_words';

type Wish = Schemas['NewOwnNotifications'];
type Kind = OwnNotifications['kinds'][number];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

// What one is told by mail, and when.
export function NotificationsSection() {
  const { data, error, refetch } = useOwnNotifications();
  return (
    <section className={styles.part} aria-labelledby="notifications-title">
      <h2 id="notifications-title">Notifications</h2>
      {error && <Failed error={error} what="your notifications" retry={() => void refetch()} />}
      {!data && !error && <Loading what="your notifications" rows={8} />}
      {data && <NotificationsForm key={JSON.stringify(data)} own={data} />}
    </section>
  );
}

function wishOf(own: OwnNotifications): Wish {
  const choices = Object.fromEntries(own.kinds.map(({ kind, choice }) => [kind, choice]));
  return {
    language: own.languages.some(({ id }) => id === own.language)
      ? own.language
      : (own.languages[0]?.id ?? own.language),
    zone: own.zone,
    digest_hour: own.digest_hour,
    quiet_from: own.quiet_from ?? '',
    quiet_to: own.quiet_to ?? '',
    ...choices,
  } as Wish;
}

function NotificationsForm({ own }: { own: OwnNotifications }) {
  const set = useSetOwnNotifications();
  const saved = wishOf(own);
  const [wish, setWish] = useState(saved);
  const change = (part: Partial<Wish>) => setWish({ ...wish, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(wish);
  };
  const why = inTheWay(own);
  const isChanged = JSON.stringify(wish) !== JSON.stringify(saved);
  const isHalf = (wish.quiet_from === '') !== (wish.quiet_to === '');
  return (
    <form onSubmit={submit} className={styles.wideForm}>
      {why && (
        <MessageBar intent="warning">
          <MessageBarBody>{why}</MessageBarBody>
        </MessageBar>
      )}
      <p>
        By mail, with pseudonyms only, and never about yourself. At most {own.most_an_hour} mails go in an hour: what is
        more comes as one that says how much it is.
      </p>
      <KindsTable kinds={own.kinds} wish={wish} onChange={change} />
      <When own={own} wish={wish} isHalf={isHalf} onChange={change} />
      {set.error && <ActFailed title="Your notifications were not changed" error={set.error} />}
      <div>
        <Button type="submit" disabled={!isChanged || isHalf || set.isPending}>
          Save the notifications
        </Button>
      </div>
    </form>
  );
}

type PartProps = { wish: Wish; onChange: (part: Partial<Wish>) => void };

function KindsTable({ kinds, wish, onChange }: PartProps & { kinds: Kind[] }) {
  return (
    <TableFrame label="Notifications">
      <table className={table.table} aria-label="Notifications">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map(({ kind, choices, readable }) => (
            <tr key={kind}>
              <th scope="row">
                {KIND_WORDS[kind].title}
                <div className={styles.none}>
                  {KIND_WORDS[kind].about}
                  {!readable && ' Your role does not let you read this: nothing is sent.'}
                </div>
              </th>
              <td>
                <Select
                  aria-label={`When: ${KIND_WORDS[kind].title}`}
                  value={wish[kind]}
                  onChange={(_, { value }) => onChange({ [kind]: value as NotificationChoice })}
                >
                  {choices.map((choice) => (
                    <option key={choice} value={choice}>
                      {choiceInWords(kind, choice)}
                    </option>
                  ))}
                </Select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function When({ own, wish, isHalf, onChange }: PartProps & { own: OwnNotifications; isHalf: boolean }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className={styles.fields}>
      <Field label="Digest at">
        <Select value={String(wish.digest_hour)} onChange={(_, { value }) => onChange({ digest_hour: Number(value) })}>
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>{`${String(hour).padStart(2, '0')}:00`}</option>
          ))}
        </Select>
      </Field>
      <Field label="Quiet from" hint="Nothing is sent then; it waits.">
        <Input type="time" value={wish.quiet_from} onChange={(_, { value }) => onChange({ quiet_from: value })} />
      </Field>
      <Field
        label="Quiet until"
        {...(isHalf ? { validationState: 'error', validationMessage: 'Name both times, or neither' } : {})}
      >
        <Input type="time" value={wish.quiet_to} onChange={(_, { value }) => onChange({ quiet_to: value })} />
      </Field>
      <Field label="Time zone" hint="As Europe/Berlin, or UTC.">
        <Input maxLength={64} value={wish.zone} onChange={(_, { value }) => onChange({ zone: value.trim() })} />
      </Field>
      {here && here !== wish.zone && (
        <Button className={styles.beside} onClick={() => onChange({ zone: here })}>
          Use {here}
        </Button>
      )}
      <Field label="Language">
        <Select value={wish.language} onChange={(_, { value }) => onChange({ language: value })}>
          {own.languages.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
