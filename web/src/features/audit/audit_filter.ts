// What the audit page shows, as the address has it.
export type AuditFilter = {
  from: string;
  to: string;
  action: string;
  viewer: string;
  alert: string;
  page: number;
};

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const ALERT = /^[0-9A-Za-z-]{1,64}$/;

export function auditFilterOf(parameters: URLSearchParams): AuditFilter {
  const get = (name: string) => (parameters.get(name) ?? '').trim();
  const page = Number(get('page') || '1');
  return {
    from: DAY.test(get('from')) ? get('from') : '',
    to: DAY.test(get('to')) ? get('to') : '',
    action: get('action').slice(0, 64),
    viewer: get('viewer').slice(0, 64),
    alert: ALERT.test(get('alert')) ? get('alert') : '',
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  };
}

export function addressOfAudit(filter: AuditFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== '' && value !== 1) parameters.set(name, String(value));
  }
  return parameters;
}

// The parameters of GET /audit.csv, and with the page those of GET /audit.
export function auditQueryOf(filter: AuditFilter) {
  return {
    ...(filter.from && { from: filter.from }),
    ...(filter.to && { to: filter.to }),
    ...(filter.action && { action: [filter.action] }),
    ...(filter.viewer && { viewer: filter.viewer }),
    ...(filter.alert && { alert: filter.alert }),
  };
}
