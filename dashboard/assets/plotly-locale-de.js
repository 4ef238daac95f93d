/* German words and formats of plotly.js (MIT, see licences/plotly-MIT.txt); the mode bar is off, so few are seen. */
window.Plotly && window.Plotly.register({
  moduleType: "locale",
  name: "de",
  dictionary: {},
  format: {
    days: ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"],
    shortDays: ["So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"],
    months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
    shortMonths: ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"],
    date: "%d.%m.%Y",
    decimal: ",",
    thousands: "."
  }
});
