// The web element of the payment double: the few calls of Stripe.js (js.stripe.com/v3) that our pages make, with a plain form for test cards.
// https://docs.stripe.com/js: Stripe(), elements.create("payment"), element.mount(), stripe.confirmPayment({elements, redirect: "if_required"}).
(() => {
  const base = new URL(document.currentScript.src).origin;
  // https://docs.stripe.com/testing: a number stands for the payment method that a test would name
  const CARDS = {
    4242424242424242: "pm_card_visa",
    5555555555554444: "pm_card_mastercard",
    4000000000000002: "pm_card_chargeDeclined",
    4000000000009995: "pm_card_chargeDeclinedInsufficientFunds",
    4000000000000069: "pm_card_chargeDeclinedExpiredCard",
    4000000000000127: "pm_card_chargeDeclinedIncorrectCvc",
    4000000000000119: "pm_card_chargeDeclinedProcessingError",
    4000000000000259: "pm_card_createDispute",
  };
  const WORDS = {
    en: { number: "Card number", until: "Expiry date (MM / YY)", code: "Security code", incomplete: "Your card details are incomplete.", wrong: "Your card number is invalid.", test: "Test cards only" },
    ru: { number: "Номер карты", until: "Срок действия (ММ / ГГ)", code: "Код безопасности", incomplete: "Данные карты неполны.", wrong: "Номер карты неверен.", test: "Только тестовые карты" },
  };

  function field(words, name, options) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    label.textContent = words[name];
    Object.assign(label.style, { display: "grid", gap: "0.25rem", fontWeight: "600" });
    Object.assign(input, { name, inputMode: "numeric", ...options });
    Object.assign(input.style, { font: "inherit", color: "inherit", background: "transparent", width: "100%", minHeight: "2.75rem", padding: "0 0.75rem", border: "1px solid currentColor", borderRadius: "0.375rem" });
    label.append(input);
    return { label, input };
  }

  function paymentElement(words) {
    const root = document.createElement("div");
    const hint = document.createElement("p");
    hint.textContent = `${words.test}: 4242\u00A04242\u00A04242\u00A04242`;
    Object.assign(root.style, { display: "grid", gap: "0.75rem" });
    const number = field(words, "number", { autocomplete: "cc-number", maxLength: 23 });
    const until = field(words, "until", { autocomplete: "cc-exp", maxLength: 7 });
    const code = field(words, "code", { autocomplete: "cc-csc", maxLength: 4 });
    root.append(hint, number.label, until.label, code.label);
    const heard = {};
    return {
      mount(place) {
        (typeof place === "string" ? document.querySelector(place) : place).replaceChildren(root);
        setTimeout(() => heard.ready?.({ elementType: "payment" }), 0);
        return this;
      },
      on(event, listener) {
        heard[event] = listener;
        return this;
      },
      unmount: () => root.remove(),
      destroy: () => root.remove(),
      card() {
        const digits = number.input.value.replaceAll(/\D/g, "");
        const whole = digits && /^\s*(0[1-9]|1[0-2])\s*\/?\s*\d{2}\s*$/.test(until.input.value) && /^\d{3,4}$/.test(code.input.value);
        if (!whole) return { error: { type: "validation_error", code: "incomplete_number", message: words.incomplete } };
        return CARDS[digits] ? { method: CARDS[digits] } : { error: { type: "validation_error", code: "invalid_number", message: words.wrong } };
      },
    };
  }

  window.Stripe = (publishableKey) => {
    async function call(method, path, form) {
      const url = `${base}/v1/payment_intents/${path}${method === "GET" ? `?${form}` : ""}`;
      const headers = { Authorization: `Bearer ${publishableKey}` };
      const answer = await fetch(url, method === "GET" ? { headers } : { method, headers, body: form });
      const document_ = await answer.json();
      return answer.ok ? { paymentIntent: document_ } : { error: document_.error };
    }
    return {
      elements({ clientSecret, locale = "auto" }) {
        const words = WORDS[locale] ?? WORDS.en;
        let element;
        return {
          create: () => (element = paymentElement(words)),
          getElement: () => element ?? null,
          submit: async () => (element.card().error ? { error: element.card().error } : {}),
          _clientSecret: clientSecret,
        };
      },
      async confirmPayment({ elements }) {
        const card = elements.getElement().card();
        if (card.error) return { error: card.error };
        const secret = elements._clientSecret;
        const form = new URLSearchParams({ payment_method: card.method, client_secret: secret, use_stripe_sdk: "true" });
        return call("POST", `${secret.split("_secret")[0]}/confirm`, form);
      },
      retrievePaymentIntent: (secret) => call("GET", secret.split("_secret")[0], new URLSearchParams({ client_secret: secret })),
    };
  };
})();
