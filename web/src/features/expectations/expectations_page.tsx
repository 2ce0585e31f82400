import { Link } from 'react-router';
import { Page } from '../../shared/page/page';
import { Empty, Failed, Loading } from '../../shared/states/states';
import { useExpectations } from './expectation_calls';
import { ExpectationTable } from './expectation_table';
import { summary } from './words';

// Everything that is expected of somebody, and what of it is about to end or has ended.
export default function ExpectationsPage() {
  const { data, error, isPending, refetch } = useExpectations();
  const told = data ? summary(data.expectations) : '';
  return (
    <Page
      title="Expectations"
      lead="What is expected of somebody until a day adds no points, and every receipt says so. After its end it counts again."
      actions={<Link to="/policies">Policies</Link>}
    >
      {isPending && <Loading what="expectations" rows={4} />}
      {error && <Failed error={error} what="the expectations" retry={() => void refetch()} />}
      {data?.expectations.length === 0 && (
        <Empty title="Nothing is expected of anybody">
          Say it at an alert, under Receipt, or for a group with candor expectations add.
        </Empty>
      )}
      {data && data.expectations.length > 0 && (
        <>
          {told !== '' && <p>{told}.</p>}
          <ExpectationTable rows={data.expectations} withPerson />
        </>
      )}
    </Page>
  );
}
