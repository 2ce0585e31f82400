import { Field, Input } from '@fluentui/react-components';
import { CodeField } from '../session/code_field';

type Props = {
  password: string;
  onPassword: (value: string) => void;
  // Null where no second factor is set up.
  code: string | null;
  onCode: (value: string) => void;
};

export function ProofFields({ password, onPassword, code, onCode }: Props) {
  return (
    <>
      <Field label="Your password" required>
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(_, data) => onPassword(data.value)}
        />
      </Field>
      {code !== null && <CodeField value={code} onChange={onCode} />}
    </>
  );
}
