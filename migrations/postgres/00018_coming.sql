-- +goose Up

-- What is to come with later periods says with which: until now it was only ever the one that follows the last.
UPDATE subscription SET coming = '[{"period":' || (last_number + 1) || ',"values":' || coming || '}]'
WHERE coming LIKE '[{"name"%';

-- +goose Down
UPDATE subscription SET coming = (coming::json -> 0 -> 'values')::text WHERE coming LIKE '[{"period"%';
