import { Field, Input } from '@fluentui/react-components';
import type { Ref } from 'react';

type Props = {
  value: string;
  onChange: (value: string) => void;
  // Whether a recovery code is one as well.
  takesRecoveryCodes?: boolean;
  ref?: Ref<HTMLInputElement>;
};

// Six digits of the app, or a recovery code. Browsers offer a code they know of.
export function CodeField({ value, onChange, takesRecoveryCodes = true, ref }: Props) {
  return (
    <Field
      label="Code"
      required
      hint={
        takesRecoveryCodes
          ? 'The six digits your authenticator app shows, or one of your recovery codes.'
          : 'The six digits your authenticator app shows.'
      }
    >
      <Input
        ref={ref ?? null}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={value}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}
