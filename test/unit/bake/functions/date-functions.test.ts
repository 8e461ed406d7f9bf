import { test } from 'node:test';
import { checkBakeCalls } from '../../../support/bake-function.ts';

test('dates by letters', () => {
  checkBakeCalls(`
    formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ", "2018-01-02T23:12:01Z") => "Tuesday, 02-Jan-18 23:12:01 UTC"
    formatdate("D M YY H h m s AA ZZZZ ZZZZZ Z", "2018-01-02T03:02:01+05:30") => "2 1 18 3 3 2 1 AM +0530 +05:30 +05:30"
    formatdate("HH:mmaa 'o''clock' ''", "2018-01-02T00:12:01Z") => "12:12am o'clock '"
    formatdate("YYYYY", "2018-01-02T23:12:01Z") => argument 0: invalid date format verb "YYYYY": year must either be "YY" or "YYYY"
    formatdate("'a", "2018-01-02T23:12:01Z") => argument 0: unterminated literal '
    formattimestamp("X", "2018-01-02T23:12:01+02:00") => "1514927521"
    formattimestamp("YYYY-MM-DD'T'hh:mm:ssZ", 1690328596) => "2023-07-25T23:43:16Z"
    formattimestamp("YYYY", 1.5) => argument 1: unix timestamp must be an integer
    formattimestamp("YYYY", true) => argument 1: must be a string timestamp or a unix timestamp number
    timestamp() => "2023-07-25T23:43:16Z"
  `);
});

test('what is no timestamp', () => {
  const problem = 'argument 1: not a valid RFC3339 timestamp:';
  checkBakeCalls(`
    formatdate("X", "bad") => ${problem} cannot use "bad" as year
    formatdate("X", "2018-13-02T23:12:01Z") => ${problem} cannot use "-02T23:12:01Z" as month
    formatdate("X", "2018-01-02") => ${problem} missing required time introducer 'T'
    formatdate("X", "2018-01-02T24:00:00Z") => ${problem} hour must be between 0 and 23 inclusive
    formatdate("X", "2018-01-02T1:00:00Z") => ${problem} hour must have exactly two digits
    formatdate("X", "2018-02-30T10:00:00Z") => ${problem} day out of range
    formatdate("X", "2018-01-02T10:00:00") => ${problem} end of string before UTC offset
    formatdate("X", "2018-01-02T10:00:00+24:00") => ${problem} cannot use "+24:00" as UTC offset
    formattimestamp("D", 99999999999999) => ${problem} found "843-11-07T09:46:39Z" where "-" is expected
    formattimestamp("X", "bad") => argument 1: timestamp string must be RFC3339
  `);
});

test('calculating with dates', () => {
  checkBakeCalls(`
    timeadd("2017-11-22T00:00:00.5Z", "500ms") => "2017-11-22T00:00:01Z"
    timeadd("2017-11-22T00:00:00-01:00", "-1.5h") => "2017-11-21T22:30:00-01:00"
    timeadd("9999-12-31T23:59:59Z", "1h") => "10000-01-01T00:59:59Z"
    timeadd("2017-11-22T00:00:00Z", "1d") => error: time: unknown unit "d" in duration "1d"
    unixtimestampparse(1609459200) => {"day":1,"hour":0,"iso_week":53,"iso_year":2020,"minute":0,"month":1,"month_name":"January","rfc3339":"2021-01-01T00:00:00Z","second":0,"weekday":5,"weekday_name":"Friday","year":2021,"year_day":1}
    unixtimestampparse(-62167219201) => {"day":31,"hour":23,"iso_week":52,"iso_year":-1,"minute":59,"month":12,"month_name":"December","rfc3339":"-0001-12-31T23:59:59Z","second":59,"weekday":5,"weekday_name":"Friday","year":-1,"year_day":365}
  `);
});
