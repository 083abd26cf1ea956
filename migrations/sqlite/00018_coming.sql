-- +goose Up

-- What is to come with later periods says with which: until now it was only ever the one that follows the last.
UPDATE subscription SET coming = '[{"period":' || (last_number + 1) || ',"values":' || coming || '}]'
WHERE coming LIKE '[{"name"%';

-- +goose Down
UPDATE subscription SET coming = json_extract(coming, '$[0].values') WHERE coming LIKE '[{"period"%';
