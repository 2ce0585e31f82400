import {
  Button,
  Field,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  Tab,
  TabList,
  Textarea,
} from '@fluentui/react-components';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Schemas } from '../../../shared/api/client';
import { Timestamp } from '../../../shared/time/timestamp';
import { useViewer } from '../../session/session';
import { useCheckPolicy } from '../policy_calls';
import styles from '../policies.module.css';
import { AboutStep, LawfulStep } from './about_steps';
import { AskStep } from './ask_step';
import { ContentStep } from './content_step';
import { dropDraft, keepDraft, readDraft } from './draft_store';
import { IndicatorStep } from './indicator_step';
import { openFile, textAt, withValue } from './policy_file';
import { ScopeStep } from './scope_step';
import { StartStep } from './start_step';
import type { StepProps } from './step_props';
import { fromDiagnostics, problemsOf, STEPS, type StepId } from './steps';
import { ThresholdStep } from './threshold_step';
import { TriggerStep } from './trigger_step';

const LONGEST_POLICY = 48_000;

const PARTS: Partial<Record<StepId, (props: StepProps) => React.ReactNode>> = {
  about: AboutStep,
  lawful: LawfulStep,
  scope: ScopeStep,
  content: ContentStep,
  triggers: TriggerStep,
  indicators: IndicatorStep,
  thresholds: ThresholdStep,
  start: StartStep,
};

type Props = {
  // The text it begins with, and what a draft of it is kept under.
  yaml: string;
  keptAs: string;
  templateId: string;
  choices: Schemas['PolicyTemplates'];
  firstView?: 'steps' | 'file';
};

// A policy step by step, or as the file that the steps write. Both are one text.
export function PolicyWizard({ yaml: first, keptAs, templateId, choices, firstView = 'steps' }: Props) {
  const { user } = useViewer();
  const [stored] = useState(() => readDraft(user, keptAs, Date.now()));
  const [yaml, setYaml] = useState(stored?.yaml ?? first);
  const [reason, setReason] = useState(stored?.reason ?? '');
  const [resumed, setResumed] = useState(stored !== null && stored.yaml !== first);
  const [search, setSearch] = useSearchParams();
  const view = search.get('view') ?? firstView;
  const asked = search.get('step');
  const step = STEPS.find(({ id }) => id === asked)?.id ?? 'about';
  const heading = useRef<HTMLHeadingElement>(null);
  const check = useCheckPolicy();
  const asking = useRef(false);

  const go = (next: { step?: StepId; view?: 'steps' | 'file' }) => {
    const changed = new URLSearchParams(search);
    changed.set('view', next.view ?? 'steps');
    if (next.step) changed.set('step', next.step);
    setSearch(changed, { replace: true });
    if (next.step) requestAnimationFrame(() => heading.current?.focus());
  };

  useEffect(() => {
    if (asking.current) return;
    if (yaml === first && reason === '') return;
    keepDraft(user, keptAs, { yaml, reason, savedAt: Date.now() });
  }, [user, keptAs, yaml, reason, first]);

  // What the server says of the text as it was when the last step was reached.
  const { mutate: ask, variables: checkedText } = check;
  useEffect(() => {
    if (view !== 'steps' || step !== 'ask' || yaml === checkedText || yaml.trim() === '') return;
    ask(yaml);
  }, [view, step, yaml, checkedText, ask]);

  const file = useMemo(() => openFile(yaml), [yaml]);
  const own = useMemo(() => problemsOf(yaml), [yaml]);
  const told = useMemo(
    () => (check.data && checkedText === yaml ? fromDiagnostics(yaml, check.data.diagnostics) : []),
    [check.data, checkedText, yaml],
  );
  // The server's words are the better ones for what both see.
  const problems = told.length > 0 ? told : own;
  const at = STEPS.findIndex(({ id }) => id === step);
  const Part = PARTS[step];

  const startOver = () => {
    dropDraft(user, keptAs);
    setYaml(first);
    setReason('');
    setResumed(false);
  };

  return (
    <div className={styles.form}>
      {resumed && stored && (
        <MessageBar intent="info">
          <MessageBarBody>
            What you typed before is here again, of <Timestamp at={new Date(stored.savedAt).toISOString()} />. It is
            kept in this browser only.
          </MessageBarBody>
          <MessageBarActions>
            <Button size="small" onClick={startOver}>
              Start over
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <TabList
        selectedValue={view}
        onTabSelect={(_, { value }) => go({ view: value === 'file' ? 'file' : 'steps' })}
        aria-label="How it is written"
      >
        <Tab value="steps">Step by step</Tab>
        <Tab value="file">As a file</Tab>
      </TabList>
      {view === 'file' && (
        <>
          <Field
            label="The policy as a file"
            hint="What the steps write, and what can be kept in a repository. Everything is in it."
          >
            <Textarea
              className={styles.editor}
              value={yaml}
              maxLength={LONGEST_POLICY}
              resize="vertical"
              spellCheck={false}
              onChange={(_, { value }) => setYaml(value)}
            />
          </Field>
          <div>
            <Button appearance="primary" onClick={() => go({ step: 'ask' })}>
              Check, try and ask
            </Button>
          </div>
        </>
      )}
      {view !== 'file' && (
        <div className={styles.wizard}>
          <nav aria-label="Steps">
            <ol className={styles.steps}>
              {STEPS.map(({ id, title }) => {
                const faults = problems.filter((problem) => problem.step === id).length;
                return (
                  <li key={id}>
                    <Button
                      appearance={id === step ? 'primary' : 'subtle'}
                      aria-current={id === step ? 'step' : undefined}
                      onClick={() => go({ step: id })}
                    >
                      {title}
                      {faults > 0 && id !== 'ask' && ` (${faults} to correct)`}
                    </Button>
                  </li>
                );
              })}
            </ol>
          </nav>
          <section aria-labelledby="step-title" className={styles.step}>
            <h2 id="step-title" ref={heading} tabIndex={-1}>
              {at + 1}. {STEPS[at]?.title}
            </h2>
            {Part && !file && <p role="alert">The file is no YAML: correct it under “As a file”.</p>}
            {Part && file && (
              <Part
                file={file}
                problems={problems}
                choices={choices}
                set={(path, value) => setYaml((text) => withValue(text, path, value))}
              />
            )}
            {step === 'ask' && (
              <AskStep
                yaml={yaml}
                policyId={textAt(file, ['id'])}
                templateId={templateId}
                reason={reason}
                problems={problems}
                checked={checkedText === yaml ? check.data : undefined}
                checking={check.isPending}
                checkFailed={check.error}
                onReason={setReason}
                onStep={(next) => go({ step: next })}
                onAsked={() => {
                  asking.current = true;
                  dropDraft(user, keptAs);
                }}
              />
            )}
            <div className={styles.acts}>
              {at > 0 && <Button onClick={() => go({ step: STEPS[at - 1]?.id ?? 'about' })}>Back</Button>}
              {at < STEPS.length - 1 && (
                <Button appearance="primary" onClick={() => go({ step: STEPS[at + 1]?.id ?? 'ask' })}>
                  Next
                </Button>
              )}
            </div>
          </section>
        </div>
      )}
    </div>
  );
}
