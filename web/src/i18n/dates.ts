import type { Language } from "./language";

/** Names of days (from Sunday) and months: browsers on screens and televisions often know no Kazakh ones. */
interface Calendar {
  days: readonly string[];
  months: readonly string[];
  write: (day: string, date: number, month: string, year: number) => string;
}

export const CALENDARS: Readonly<Record<Language, Calendar>> = {
  kk: {
    days: ["жексенбі", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі"],
    months: ["қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"],
    write: (day, date, month, year) => `${year} жылғы ${date} ${month}, ${day}`,
  },
  ru: {
    days: ["воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"],
    months: ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    write: (day, date, month, year) => `${day}, ${date} ${month} ${year}`,
  },
  en: {
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    write: (day, date, month, year) => `${day}, ${date} ${month} ${year}`,
  },
};
