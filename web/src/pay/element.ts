import type { Language } from "../i18n/language";

/** The part of the provider's script that the page uses (https://docs.stripe.com/js). */
interface CardForm {
  mount: (place: HTMLElement) => unknown;
  destroy: () => void;
  on: (event: "ready" | "loaderror", listener: () => void) => unknown;
}
interface Elements {
  create: (kind: "payment") => CardForm;
}
export interface Confirmed {
  error?: { message?: string };
  paymentIntent?: { status: string };
}
export interface Provider {
  elements: (options: { clientSecret: string; locale: "ru" | "en"; appearance: { theme: "stripe" | "night" } }) => Elements;
  confirmPayment: (options: { elements: Elements; redirect: "if_required"; confirmParams: { return_url: string } }) => Promise<Confirmed>;
}

declare global {
  interface Window {
    Stripe?: (publishableKey: string) => Provider;
  }
}

/** What the API says about the provider's card form. */
export interface ElementOf {
  script: string;
  publishable_key: string;
}

/** An open card form: confirm it with what the payer has typed, or take it away. */
export interface OpenForm {
  confirm: () => Promise<Confirmed>;
  close: () => void;
}

const loading = new Map<string, Promise<void>>();

/** Loads the provider's script once; a failure is forgotten, so that it can be tried again. */
function load(script: string): Promise<void> {
  const known = loading.get(script);
  if (known) return known;
  const begun = new Promise<void>((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script;
    tag.addEventListener("load", () => resolve());
    tag.addEventListener("error", () => {
      loading.delete(script);
      reject(new Error("the provider's script did not load"));
    });
    document.head.append(tag);
  });
  loading.set(script, begun);
  return begun;
}

/** Mounts the provider's form; it knows no Kazakh, so that a Kazakh reader meets Russian there. */
export async function openForm(place: HTMLElement, element: ElementOf, clientSecret: string, language: Language): Promise<OpenForm> {
  await load(element.script);
  if (!window.Stripe) throw new Error("the provider's script gave nothing");
  const provider = window.Stripe(element.publishable_key);
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  const elements = provider.elements({ clientSecret, locale: language === "en" ? "en" : "ru", appearance: { theme: dark ? "night" : "stripe" } });
  const form = elements.create("payment");
  await new Promise<void>((resolve, reject) => {
    form.on("ready", resolve);
    form.on("loaderror", () => reject(new Error("the card form did not load")));
    form.mount(place);
  });
  return {
    confirm: () => provider.confirmPayment({ elements, redirect: "if_required", confirmParams: { return_url: location.href } }),
    close: () => form.destroy(),
  };
}
